import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import type { OptionView } from "@/lib/core/views";

interface OptionFieldProps {
  option: OptionView;
  /** What was typed before it was refused. */
  typed: string | undefined;
  problem: string | undefined;
}

/** One setting with its help and its complaint beside it. */
export function OptionField({ option, typed, problem }: OptionFieldProps) {
  const { key, label, help, type, choices, value, isSet } = option;
  const id = `option-${key}`;
  const shown = typed ?? value;
  if (type === "switch") {
    return (
      <div>
        <label className="flex items-center justify-between gap-4 font-medium text-sm" htmlFor={id}>
          {label}
          <Switch id={id} name={key} defaultChecked={shown === "on"} aria-describedby={`${id}-hint`} />
        </label>
        <p id={`${id}-hint`} className="text-sm text-ink-soft">
          {help}
        </p>
        {problem ? <p className="mt-1 text-sm text-bad">{problem}</p> : null}
      </div>
    );
  }
  if (type === "choice") {
    return (
      <div>
        <Select id={id} name={key} label={label} options={choices} defaultValue={shown} problem={problem} />
        <p className="mt-1 text-sm text-ink-soft">{help}</p>
      </div>
    );
  }
  return (
    <div>
      <Field
        id={id}
        name={key}
        label={label}
        hint={type === "secret" && isSet ? `${help} One is set; leave it empty to keep it.` : help}
        defaultValue={shown}
        problem={problem}
        inputMode={type === "number" ? "numeric" : undefined}
        type={type === "secret" ? "password" : "text"}
        autoComplete={type === "secret" ? "new-password" : "off"}
      />
      {isSet ? (
        <label className="mt-1 flex items-center gap-2 text-sm">
          <input type="checkbox" name={`${key}.forget`} className="size-4 accent-accent" />
          Remove the one that is set
        </label>
      ) : null}
    </div>
  );
}
