import type { SettingView } from "@/lib/core/views";

interface SettingControlProps {
  setting: SettingView;
  value: string;
  describedBy: string;
  invalid: boolean;
}

const BOX =
  "w-full rounded border border-line-strong bg-surface px-2 py-1 placeholder:text-ink-soft disabled:opacity-60 aria-invalid:border-bad";

/** The field of a setting. Empty is "as found": nothing is set here, and the server's own files decide. */
export function SettingControl({ setting, value, describedBy, invalid }: SettingControlProps) {
  const { key, type, unit, options, lacking, range } = setting;
  const asFound = setting.found === null ? "As found" : `As found: ${setting.found}`;
  const field = {
    id: key,
    name: key,
    disabled: lacking !== null,
    "aria-describedby": describedBy,
    "aria-invalid": invalid ? true : undefined,
  };
  switch (type) {
    case "switch":
      return (
        <div
          role="radiogroup"
          aria-labelledby={`${key}-label`}
          aria-describedby={describedBy}
          className="flex flex-wrap gap-x-4"
        >
          {[...options, { value: "", label: asFound }].map((option) => (
            <label key={option.value} className="flex items-center gap-1.5 text-sm">
              <input
                type="radio"
                name={key}
                value={option.value}
                defaultChecked={value === option.value}
                disabled={lacking !== null}
                className="size-4 accent-accent"
              />
              {option.label}
            </label>
          ))}
          <span id={`${key}-unit`} />
        </div>
      );
    case "choice":
      return (
        <>
          <select {...field} defaultValue={value} className={BOX}>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
            <option value="">{asFound}</option>
          </select>
          <span id={`${key}-unit`} />
        </>
      );
    case "text":
      return (
        <>
          <textarea
            {...field}
            rows={3}
            defaultValue={value}
            placeholder={asFound}
            spellCheck={false}
            className={`${BOX} font-mono text-xs`}
          />
          <span id={`${key}-unit`} />
        </>
      );
    case "integer":
    case "size":
    case "duration":
      return (
        <span className="relative block">
          <input
            {...field}
            type="text"
            inputMode="numeric"
            autoComplete="off"
            defaultValue={value}
            placeholder={asFound}
            className={`${BOX} ${unit ? "pr-24" : ""}`}
          />
          <span
            id={`${key}-unit`}
            className="pointer-events-none absolute inset-y-0 right-2 flex items-center text-sm text-ink-soft"
          >
            {unit}
            <span className="sr-only">
              {" "}
              from {range?.min} to {range?.max}
            </span>
          </span>
        </span>
      );
    case "addresses":
      return (
        <>
          <input
            {...field}
            type="text"
            autoComplete="off"
            defaultValue={value}
            placeholder={asFound}
            spellCheck={false}
            className={`${BOX} font-mono text-sm`}
          />
          <span id={`${key}-unit`} />
        </>
      );
  }
}
