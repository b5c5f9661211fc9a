import { Notice } from "@/components/ui/notice";
import type { SaveView } from "@/lib/core/views";

interface ConfirmationsProps {
  answer: SaveView | undefined;
  /** The generated file was edited by hand. */
  edited: boolean;
  problems: readonly string[];
}

/** What must be ticked before a save: each with what it means. */
export function Confirmations({ answer, edited, problems }: ConfirmationsProps) {
  const open = answer?.kind === "needs-confirmation" ? answer : undefined;
  return (
    <>
      {open?.authenticationOnly ? (
        <Notice tone="warn" title="With IMAP and POP3 both off, nobody can read mail.">
          <p>
            Dovecot then only delivers mail and checks passwords for other programs (authentication only).
          </p>
          <Tick name="authenticationOnly" label="Close both" />
        </Notice>
      ) : null}
      {open && open.warnings.length > 0 ? (
        <Notice tone="warn" title="Weak, but it can be done:">
          <ul className="list-disc pl-5">
            {open.warnings.map(({ key, message }) => (
              <li key={message}>
                <a href={`#row-${key}`}>{message}</a>
              </li>
            ))}
          </ul>
          <Tick
            name="acceptWarnings"
            value={JSON.stringify(open.warnings.map(({ message }) => message))}
            label="Save it all the same"
          />
        </Notice>
      ) : null}
      {edited ? (
        <Notice tone="warn" title="The generated file was edited by hand; the difference is shown above.">
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
          <Tick name="replaceEdited" label="Replace the edit with what is set here" />
        </Notice>
      ) : null}
    </>
  );
}

function Tick({ name, value = "on", label }: { name: string; value?: string; label: string }) {
  return (
    <label className="flex items-center gap-2">
      <input type="checkbox" name={name} value={value} className="size-4 accent-accent" />
      {label}
    </label>
  );
}
