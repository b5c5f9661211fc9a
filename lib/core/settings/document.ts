import { FAMILIES } from "../dovecot/version";
import { type KnownSetting, sections } from "./catalogue";
import { detailsOf, rangeWords } from "./describe";
import { AS_FOUND } from "./kinds/spec";
import { profiles } from "./profiles";
import type { Section, Setting } from "./setting";

/** docs/settings.md, from the catalogue. */
export function settingsDocument(): string {
  return [
    "# Settings",
    "",
    "<!-- Written by `npm run docs` from lib/core/settings; an edit here is lost. -->",
    "",
    ...INTRODUCTION,
    ...sections.flatMap(sectionLines),
    "## Profiles",
    "",
    ...profiles.flatMap(({ key, label, help, values }) => [
      `**${label}** (\`/mailserver?preset=${key}\`): ${help}`,
      "",
      ...(key === "default"
        ? []
        : [
            `\`${Object.entries(values)
              .map(([name, value]) => `${name}=${wordFor(name, value)}`)
              .join(" ")}\``,
            "",
          ]),
    ]),
  ].join("\n");
}

const INTRODUCTION = [
  "Every setting of the Mailserver Configuration page, in its order. The same entries make the page, the command line",
  "(`portcullis mailserver`) and the schema of exported files ([settings.schema.json](settings.schema.json)).",
  "",
  "**Which lines are written.** A setting that has a value is written, also where the value is Dovecot's own default: the",
  "server's own files might say otherwise. Three things are not written: a setting that is *as found* (no value: an empty",
  "field, `key=`, `null`), so that the server's own files decide; one that has no effect with the others as they are; and",
  "one that this Dovecot doesn't know. Profiles and defaults are starting points and write nothing by themselves.",
  "",
  "**Reads back.** How to ask a server for what its files come to. `doveconf` reads files, not the daemon: what the daemon",
  "has loaded is another question, which `portcullis verify` answers.",
  "",
];

function sectionLines({ label, settings }: Section): string[] {
  return [`## ${label}`, "", ...settings.flatMap((setting) => settingLines(setting as KnownSetting))];
}

function settingLines(setting: Setting): string[] {
  const { dovecotDefault, idle, ask, written } = detailsOf(setting);
  const facts: [string, string][] = [
    ["may be", `${rangeWords(setting)}${setting.mayBeUnset ? "; or as found" : ""}`],
    [
      "default",
      `${code(setting.type === "text" ? setting.text(setting.default) || AS_FOUND : setting.words(setting.default))}${dovecotDefault ? ` (Dovecot's own: ${code(dovecotDefault)})` : ""}`,
    ],
    ["since", `Dovecot ${setting.since}`],
    [
      "a change needs",
      setting.key === "imap" || setting.key === "pop3"
        ? "a reload to open, nothing but the end of its sessions to close"
        : "a reload",
    ],
    ["risk", `${setting.risk.level}. ${setting.risk.sentence}`],
    ...(idle ? [["left out where it has no effect", idle] as [string, string]] : []),
    ...FAMILIES.map((family): [string, string] => [
      `in ${family}`,
      (written[family] ?? []).length === 0
        ? "not there"
        : (written[family] ?? [])
            .map((place, index) => `${code(place)}, reads back by ${code(ask[family]?.[index] ?? "")}`)
            .join("; "),
    ]),
  ];
  return [
    `### ${setting.label}`,
    "",
    `\`${setting.key}\` · ${setting.type}. ${setting.help}`,
    "",
    ...facts.map(([name, text]) => `- ${name}: ${text}`),
    "",
  ];
}

function wordFor(key: string, value: unknown): string {
  const setting = sections.flatMap(({ settings }) => settings).find((one) => one.key === key);
  const text = setting?.text(value as never) ?? "";
  return /[^\w.-]/.test(text) ? `'${text}'` : text;
}

function code(text: string): string {
  return `\`${text}\``;
}
