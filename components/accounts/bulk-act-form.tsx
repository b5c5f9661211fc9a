import Form from "next/form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

interface BulkActFormProps {
  /** Which accounts, by key. */
  target: Readonly<Record<string, string>>;
  choices: readonly { value: string; label: string }[];
  act: string;
  until: string;
  untilProblem: string | undefined;
  zone: string;
}

/** What is to be done to them; it only leads to a preview. */
export function BulkActForm({ target, choices, act, until, untilProblem, zone }: BulkActFormProps) {
  return (
    <Form action="/accounts/bulk" prefetch={false} aria-label="Act">
      {Object.entries(target).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <div className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_auto]">
        <Select key={act} id="act" name="act" label="What to do" defaultValue={act} options={choices} />
        <Field
          key={until}
          id="until"
          name="until"
          type="datetime-local"
          label={`Until (${zone}); empty for no end`}
          defaultValue={until}
          problem={untilProblem}
        />
        <Button look="quiet">Preview</Button>
      </div>
    </Form>
  );
}
