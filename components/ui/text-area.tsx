import type { ComponentProps } from "react";

interface TextAreaProps extends ComponentProps<"textarea"> {
  id: string;
  label: string;
  hint: string;
  problem?: string | undefined;
}

/** A labelled field of several lines with its help and its complaint beside it. */
export function TextArea({ id, label, hint, problem, ...area }: TextAreaProps) {
  return (
    <div>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <p id={`${id}-hint`} className="text-sm text-ink-soft">
        {hint}
      </p>
      <textarea
        id={id}
        className="mt-1 w-full rounded border border-line-strong bg-surface px-3 py-1.5 aria-invalid:border-bad"
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-hint ${id}-problem` : `${id}-hint`}
        {...area}
      />
      {problem ? (
        <p id={`${id}-problem`} className="mt-1 text-sm text-bad">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
