import { Button } from "@/components/ui/button";

interface BulkBarProps {
  /** The boxes in the table belong to this form. */
  formId: string;
  /** The list's filter, by key: what "all that match" means. */
  filter: Readonly<Record<string, string>>;
  /** For instance `1,204`, or `10,000+`; empty where it isn't known yet. */
  matching: string;
  choices: readonly { value: string; label: string }[];
}

/** From a selection, or all that match, to the preview of an act. Nothing is done by this form. */
export function BulkBar({ formId, filter, matching, choices }: BulkBarProps) {
  return (
    <form
      id={formId}
      method="get"
      action="/accounts/bulk"
      aria-label="Change many"
      className="flex flex-wrap items-center gap-2 text-sm"
    >
      {Object.entries(filter).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <label htmlFor="act" className="font-medium">
        Change many
      </label>
      <select
        id="act"
        name="act"
        className="min-h-9 max-w-60 rounded border border-line-strong bg-surface px-2"
      >
        {choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <Button look="quiet">Preview selected</Button>
      <Button look="quiet" name="all" value="yes">
        Preview all{matching ? ` ${matching}` : ""} that match
      </Button>
    </form>
  );
}
