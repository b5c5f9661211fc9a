import { ActionForm, type PlainAction } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { TimeAgo } from "@/components/ui/time-ago";
import type { TokenView } from "@/lib/core/views";

interface TokenTableProps {
  tokens: readonly TokenView[];
  now: string;
  revoke: PlainAction;
}

const STATES = { good: "good", over: "over", revoked: "revoked" } as const;

/** Tokens with their last use; never the token itself. */
export function TokenTable({ tokens, now, revoke }: TokenTableProps) {
  if (tokens.length === 0) return <p>None yet. A program needs one to ask the API.</p>;
  return (
    <table className="w-full text-left text-sm" aria-label="Your tokens">
      <thead>
        <tr className="border-line-strong border-b text-ink-soft">
          <th scope="col" className="h-9 px-2 font-medium">
            Token
          </th>
          <th scope="col" className="px-2 font-medium max-sm:hidden">
            State
          </th>
          <th scope="col" className="px-2 font-medium">
            Last used
          </th>
          <th scope="col" className="px-2 font-medium">
            <span className="sr-only">Act</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map(({ id, name, shown, may, state, lastUsedAt }) => (
          <tr key={id} className="border-line border-b align-top">
            <th scope="row" className="px-2 py-1.5 font-normal wrap-anywhere">
              <span className="font-medium">{name}</span>
              <span className="block text-ink-soft">
                <span className="font-mono">{shown}…</span>: {may}
              </span>
              <span className="block text-ink-soft sm:hidden">{STATES[state]}</span>
            </th>
            <td className="px-2 py-1.5 max-sm:hidden">{STATES[state]}</td>
            <td className="px-2 py-1.5">{lastUsedAt ? <TimeAgo at={lastUsedAt} now={now} /> : "never"}</td>
            <td className="px-2 py-1 text-right">
              {state === "good" ? (
                <ActionForm action={revoke} label={`Revoke ${name}`}>
                  <input type="hidden" name="id" value={id} />
                  <Button look="quiet" size="small" aria-label={`Revoke ${name}`}>
                    Revoke
                  </Button>
                </ActionForm>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
