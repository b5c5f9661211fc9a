import type { ComponentProps } from "react";

interface SelectProps extends ComponentProps<"select"> {
  id: string;
  label: string;
  options: readonly { value: string; label: string }[];
  problem?: string | undefined;
}

/** A labelled choice of one, with its complaint beside it. */
export function Select({ id, label, options, problem, ...select }: SelectProps) {
  return (
    <div>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <select
        id={id}
        className="mt-1 min-h-9.5 w-full rounded border border-line-strong bg-surface px-2 py-1.5 aria-invalid:border-bad"
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        {...select}
      >
        {options.map(({ value, label: words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      {problem ? (
        <p id={`${id}-problem`} className="mt-1 text-sm text-bad">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
