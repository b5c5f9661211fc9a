import type { SettingView } from "@/lib/core/views";
import { SettingControl } from "./setting-control";
import { UnsavedMark } from "./unsaved-mark";
import { EffectiveText, WhatDovecotHas } from "./what-dovecot-has";

interface SettingRowProps {
  setting: SettingView;
  /** What the form shows, as it is typed. */
  value: string;
  problems: readonly string[];
  warnings: readonly string[];
  hidden: boolean;
}

/** One setting: what it means, its field, how it stands to the default and to what is saved. */
export function SettingRow({ setting, value, problems, warnings, hidden }: SettingRowProps) {
  const { key, label, help, saved, lacking, idle, effective } = setting;
  const isGroup = setting.type === "switch";
  return (
    <div
      id={`row-${key}`}
      data-setting={lacking ? undefined : key}
      data-search={setting.search}
      data-saved={saved}
      data-default={setting.default}
      data-unsaved={value === saved ? undefined : ""}
      data-differs={value === setting.default ? undefined : ""}
      hidden={hidden}
      className="group/row grid scroll-mt-24 gap-x-6 gap-y-1 border-l-4 border-l-transparent px-4 py-3 data-[unsaved]:border-l-warn sm:grid-cols-[1fr_15rem]"
    >
      <div className="min-w-0">
        {isGroup ? (
          <span id={`${key}-label`} className="font-medium">
            {label}
          </span>
        ) : (
          <label htmlFor={key} id={`${key}-label`} className="font-medium">
            {label}
          </label>
        )}{" "}
        <UnsavedMark />
        <p id={`${key}-help`} className="text-sm text-ink-soft">
          {help}
        </p>
        <p className="hidden text-sm group-data-[unsaved]/row:block">
          <span className="font-medium">{setting.risk.level === "high" ? "Take care:" : "Note:"}</span>{" "}
          {setting.risk.sentence}
        </p>
        <Lines id={`${key}-problem`} lines={problems} className="text-bad" />
        <Lines id={`${key}-warning`} lines={warnings} className="text-warn" />
        {lacking ? <p className="text-sm font-medium">{lacking}</p> : null}
        {idle && !lacking ? <p className="text-sm text-ink-soft">Without effect now. {idle}</p> : null}
        {effective ? <EffectiveText effective={effective} /> : null}
      </div>
      <div className="min-w-0">
        <SettingControl
          setting={setting}
          value={value}
          describedBy={[
            `${key}-help`,
            `${key}-unit`,
            ...(problems.length > 0 ? [`${key}-problem`] : []),
            ...(warnings.length > 0 ? [`${key}-warning`] : []),
          ].join(" ")}
          invalid={problems.length > 0}
        />
        <p className="mt-1 flex flex-wrap gap-x-3 text-xs text-ink-soft [overflow-wrap:anywhere]">
          <span>
            <span className="hidden font-medium text-ink group-data-[differs]/row:inline">
              Differs from the default.{" "}
            </span>
            Default: {setting.defaultWords}
            {setting.dovecotDefault ? ` (Dovecot’s own: ${setting.dovecotDefault})` : ""}
          </span>
          {lacking ? null : (
            <button
              type="submit"
              name="useDefault"
              value={key}
              aria-describedby={`${key}-label`}
              className="hidden cursor-pointer text-accent underline underline-offset-2 group-data-[differs]/row:inline"
            >
              Use default
            </button>
          )}
          <WhatDovecotHas settingKey={key} labelId={`${key}-label`} />
        </p>
      </div>
    </div>
  );
}

function Lines({ id, lines, className }: { id?: string; lines: readonly string[]; className: string }) {
  return lines.length > 0 ? (
    <div id={id} className={`text-sm ${className}`}>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  ) : null;
}
