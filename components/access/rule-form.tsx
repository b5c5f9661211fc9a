import type { RuleView } from "@/lib/core/access/views";
import { type AccessAction, AccessForm } from "./access-form";
import { ChoiceField, TextField } from "./form-state";

interface RuleFormProps {
  subject: string;
  /** For people. */
  name: string;
  protocol: "imap" | "pop3";
  rule: RuleView | null;
  /** What "no rule" means here. */
  without: string;
  zone: string;
  /** `until` as the field has it. */
  until: string;
  setRule: AccessAction;
  undo: AccessAction;
}

/** A rule with an end and a reason: "allow POP3 until Friday 18:00". */
export function RuleForm({
  subject,
  name,
  protocol,
  rule,
  without,
  zone,
  until,
  setRule,
  undo,
}: RuleFormProps) {
  const label = protocol.toUpperCase();
  const id = (field: string) => `${protocol}-${field}`;
  return (
    <AccessForm
      action={setRule}
      undo={undo}
      hidden={{ subject, protocol }}
      seen={rule?.state ?? "inherit"}
      label={`Rule for ${label}`}
      submit={`Save the rule for ${label}`}
    >
      <div className="grid gap-3 sm:grid-cols-3">
        <ChoiceField
          id={id("state")}
          name="state"
          label={`${label} for ${name}`}
          value={rule?.state ?? "inherit"}
          options={[
            { value: "inherit", label: without },
            { value: "allow", label: "Allow" },
            { value: "deny", label: "Deny" },
          ]}
        />
        <TextField
          id={id("until")}
          name="until"
          type="datetime-local"
          label={`Until (${zone})`}
          value={until}
        />
        <TextField id={id("reason")} name="reason" label="Reason" maxLength={500} />
      </div>
    </AccessForm>
  );
}
