import { CircleCheck, CircleMinus } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { TimeAgo } from "@/components/ui/time-ago";
import type { OperatorView } from "@/lib/core/operators/views";
import { scopeWords, secondFactorWords } from "./words";

interface OperatorTableProps {
  operators: readonly OperatorView[];
  /** Who looks at it. */
  self: string;
  now: string;
}

const HEADS = ["Operator", "Role", "Responsible for", "Second factor", "Last sign-in", "State"];

/** Who may sign in to the panel, and as what. On a narrow window each is a block of lines. */
export function OperatorTable({ operators, self, now }: OperatorTableProps) {
  return (
    <table className="w-full text-left text-sm max-md:block" aria-label="Operators">
      <thead className="max-md:hidden">
        <tr className="border-line-strong border-b text-ink-soft">
          {HEADS.map((head) => (
            <th key={head} scope="col" className="h-9 px-2 font-medium">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block">
        {operators.map((operator) => {
          const { id, email, name, role, scope, isDisabled, lastSignInAt } = operator;
          const Icon = isDisabled ? CircleMinus : CircleCheck;
          return (
            <tr key={id} className="border-line border-b align-top max-md:block max-md:py-2">
              <th scope="row" className="px-2 py-2 font-normal wrap-anywhere max-md:block max-md:py-0.5">
                <Link href={`/operators/${id}`} prefetch={false} className="inline-block font-medium">
                  {email}
                </Link>
                <span className="block text-ink-soft">
                  {name === email ? "" : name}
                  {id === self ? " (you)" : ""}
                </span>
              </th>
              <Cell head="Role">{role}</Cell>
              <Cell head="Responsible for">{scopeWords(scope)}</Cell>
              <Cell head="Second factor">{secondFactorWords(operator)}</Cell>
              <Cell head="Last sign-in">
                {lastSignInAt ? <TimeAgo at={lastSignInAt} now={now} /> : "never seen"}
              </Cell>
              <Cell head="State">
                <span className="inline-flex items-center gap-1">
                  <Icon
                    className={`size-4 ${isDisabled ? "text-ink-soft" : "text-good"}`}
                    aria-hidden="true"
                  />
                  {isDisabled ? "Disabled" : "May sign in"}
                </span>
              </Cell>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Cell({ head, children }: { head: string; children: ReactNode }) {
  return (
    <td className="px-2 py-2 wrap-anywhere max-md:flex max-md:gap-2 max-md:py-0.5">
      <span className="text-ink-soft md:hidden">{head}:</span>
      <span>{children}</span>
    </td>
  );
}
