import type { ComponentProps } from "react";

interface FieldProps extends ComponentProps<"input"> {
  id: string;
  label: string;
  hint?: string;
  problem?: string | undefined;
}

/** A labelled text field with its help and its complaint beside it. */
export function Field({ id, label, hint, problem, ...input }: FieldProps) {
  const described = [hint ? `${id}-hint` : "", problem ? `${id}-problem` : ""].filter(Boolean).join(" ");
  return (
    <div>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      {hint ? (
        <p id={`${id}-hint`} className="text-sm text-ink-soft">
          {hint}
        </p>
      ) : null}
      <input
        id={id}
        className="mt-1 w-full rounded border border-line-strong bg-surface px-3 py-1.5 aria-invalid:border-bad"
        aria-invalid={problem ? true : undefined}
        aria-describedby={described || undefined}
        {...input}
      />
      {problem ? (
        <p id={`${id}-problem`} className="mt-1 text-sm text-bad">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
