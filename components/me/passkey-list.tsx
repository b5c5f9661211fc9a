import { Button } from "@/components/ui/button";
import { TimeAgo } from "@/components/ui/time-ago";
import type { PasskeyView } from "@/lib/core/operators/views";
import { type OwnAction, SaidForm } from "./said-form";

interface PasskeyListProps {
  passkeys: readonly PasskeyView[];
  now: string;
  remove: OwnAction | undefined;
}

export function PasskeyList({ passkeys, now, remove }: PasskeyListProps) {
  if (passkeys.length === 0) return <p>You have none.</p>;
  return (
    <ul className="divide-y divide-line border-line border-y text-sm" aria-label="Passkeys">
      {passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
        <li key={id} className="flex flex-wrap items-center justify-between gap-2 py-2">
          <p className="min-w-0 wrap-anywhere">
            <span className="font-medium">{name}</span>, added <TimeAgo at={createdAt} now={now} />,{" "}
            {lastUsedAt ? (
              <>
                last used <TimeAgo at={lastUsedAt} now={now} />
              </>
            ) : (
              "not used yet"
            )}
          </p>
          {remove ? (
            <SaidForm action={remove} label={`Remove the passkey ${name}`} className="">
              <input type="hidden" name="id" value={id} />
              <Button look="quiet" size="small" aria-label={`Remove the passkey ${name}`}>
                Remove
              </Button>
            </SaidForm>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
