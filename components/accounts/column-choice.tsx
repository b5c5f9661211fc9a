import { ActionForm, type PlainAction } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { COLUMNS, type Column } from "./columns";

interface ColumnChoiceProps {
  columns: readonly Column[];
  choose: PlainAction;
}

/** Which columns the table has; kept for this browser. */
export function ColumnChoice({ columns, choose }: ColumnChoiceProps) {
  return (
    <details className="relative text-sm">
      <summary className="cursor-pointer rounded px-2 py-1 text-accent hover:bg-raised">Columns</summary>
      <ActionForm
        action={choose}
        label="Columns"
        className="absolute top-full right-0 z-20 w-56 space-y-2 rounded border border-line-strong bg-surface p-3 shadow-md max-sm:static max-sm:w-full"
      >
        <ul>
          {COLUMNS.map(({ key, label }) => (
            <li key={key}>
              <label className="flex min-h-7 items-center gap-2">
                <input
                  key={String(columns.includes(key))}
                  type="checkbox"
                  name={key}
                  defaultChecked={columns.includes(key)}
                  className="size-4 accent-accent"
                />
                {label}
              </label>
            </li>
          ))}
        </ul>
        <Button look="quiet" size="small">
          Show these
        </Button>
      </ActionForm>
    </details>
  );
}
