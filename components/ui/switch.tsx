import type { ComponentProps } from "react";

type SwitchProps = Omit<ComponentProps<"input">, "type" | "role">;

/**
 * A native checkbox that says it is a switch: right with and without JavaScript, by keyboard, and in a form.
 * On and off differ by the knob's place and by the word beside it, not by colour alone.
 */
export function Switch(props: SwitchProps) {
  return (
    <span className="inline-flex h-6 items-center gap-2">
      <input
        type="checkbox"
        role="switch"
        className="peer relative h-6 w-11 shrink-0 cursor-pointer appearance-none rounded-full border border-line-strong bg-raised transition-colors before:absolute before:top-[3px] before:left-[3px] before:size-4 before:rounded-full before:bg-line-strong before:transition-transform checked:border-accent checked:bg-accent checked:before:translate-x-5 checked:before:bg-on-accent disabled:cursor-not-allowed disabled:opacity-60"
        {...props}
      />
      <span aria-hidden="true" className="w-7 text-sm text-ink-soft peer-checked:hidden">
        Off
      </span>
      <span aria-hidden="true" className="hidden w-7 text-sm font-medium text-ink peer-checked:inline">
        On
      </span>
    </span>
  );
}
