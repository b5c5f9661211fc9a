import Form from "next/form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

interface MoveFormProps {
  /** As they are typed: what the URL has, or the server's own figures. */
  values: Readonly<Record<"move" | "accounts" | "mb" | "grow" | "taken", string>>;
  problems: readonly { key: string; message: string }[];
}

/** What a move is worked out from; all of it can be changed. */
export function MoveForm({ values, problems }: MoveFormProps) {
  const problem = (key: string) => problems.find((one) => one.key === key)?.message;
  const toImap = values.move !== "to-pop3";
  return (
    <Form
      action="/guide"
      scroll={false}
      prefetch={false}
      aria-label="What a move would cost"
      className="space-y-3"
    >
      <div className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <Select
          key={`move ${values.move}`}
          id="move"
          name="move"
          label="Move"
          defaultValue={values.move}
          options={[
            { value: "to-imap", label: "from POP3 to IMAP" },
            { value: "to-pop3", label: "from IMAP to POP3" },
          ]}
          problem={problem("move")}
        />
        <Number name="accounts" label="Accounts" value={values.accounts} problem={problem("accounts")} />
        <Number name="mb" label="Mail of one, in MB" value={values.mb} problem={problem("mb")} />
        <Number name="grow" label="Growth a month, in MB" value={values.grow} problem={problem("grow")} />
        {toImap ? null : (
          <Number
            name="taken"
            label="Percent whose mail is taken off"
            value={values.taken}
            problem={problem("taken")}
          />
        )}
      </div>
      <Button look="quiet">Work it out</Button>
    </Form>
  );
}

interface NumberProps {
  name: string;
  label: string;
  value: string;
  problem: string | undefined;
}

function Number({ name, label, value, problem }: NumberProps) {
  return (
    <Field
      key={`${name} ${value}`}
      id={name}
      name={name}
      label={label}
      inputMode="decimal"
      autoComplete="off"
      defaultValue={value}
      problem={problem}
    />
  );
}
