import { Field } from "@/components/ui/field";

interface CompareFormProps {
  from: string;
  to: string;
  newest: number;
  problems: readonly string[];
}

export function CompareForm({ from, to, newest, problems }: CompareFormProps) {
  return (
    <form method="get" className="space-y-2">
      <div className="flex items-end gap-3">
        <Field id="from" name="from" label="From revision" inputMode="numeric" defaultValue={from} />
        <Field id="to" name="to" label="To revision" inputMode="numeric" defaultValue={to} />
        <button
          type="submit"
          className="min-h-9.5 cursor-pointer rounded border border-line-strong bg-surface px-3 text-sm font-medium hover:bg-raised"
        >
          Compare
        </button>
      </div>
      <p className="text-sm text-ink-soft">The newest is revision {newest}.</p>
      {problems.map((problem) => (
        <p key={problem} className="text-sm text-bad">
          {problem}
        </p>
      ))}
    </form>
  );
}
