import { type AccessAction, AccessForm } from "./access-form";
import { ChoiceField, TextField } from "./form-state";

interface SuspendFormProps {
  subject: string;
  name: string;
  zone: string;
  suspend: AccessAction;
  undo: AccessAction;
}

/** A block above all rules; lifting it leaves them as they were. */
export function SuspendForm({ subject, name, zone, suspend, undo }: SuspendFormProps) {
  return (
    <AccessForm
      action={suspend}
      undo={undo}
      hidden={{ subject }}
      label={`Suspend ${name}`}
      submit={`Suspend ${name}`}
    >
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        <ChoiceField
          id="suspend-protocol"
          name="protocol"
          label="What"
          value="all"
          options={[
            { value: "all", label: "IMAP and POP3" },
            { value: "imap", label: "IMAP" },
            { value: "pop3", label: "POP3" },
          ]}
        />
        <TextField id="suspend-reason" name="reason" label="Reason" maxLength={500} />
        <TextField id="suspend-ticket" name="ticket" label="Ticket" maxLength={100} />
        <TextField id="suspend-until" name="until" type="datetime-local" label={`Until (${zone})`} />
        <ChoiceField
          id="suspend-rank"
          name="mayResume"
          label="May be resumed by"
          value="administrator"
          options={RANKS}
        />
      </div>
    </AccessForm>
  );
}

export const RANKS = [
  { value: "administrator", label: "administrators" },
  { value: "operator", label: "operators and above" },
  { value: "team", label: "teams and above" },
] as const;
