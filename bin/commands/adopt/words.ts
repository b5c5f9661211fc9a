import { listenerLabel } from "@/lib/core/apply/outcome";
import { settings } from "@/lib/core/settings/catalogue";
import type { Adopted } from "@/lib/server/adopt/adopt";
import type { Look } from "@/lib/server/adopt/look";
import { type Plan, writtenFiles } from "@/lib/server/adopt/plan";
import { table } from "../output";

/** What was found, for a person. */
export function lookLines(look: Look): string[] {
  const { instance, master, authCache } = look;
  const on = look.protocols.filter((one) => one.on || one.installed);
  return [
    `Dovecot ${look.version}, ${instance.configFile}${instance.root ? ` beneath ${instance.root}` : ""}`,
    look.layout.sentence,
    master ? `It runs (pid ${master.pid}).` : "It doesn't run.",
    "",
    "Files, in the order in which they are read:",
    ...look.files.map(({ path, from, optional, state }) => {
      const by = from ? `  (${from.path} line ${from.line}${optional ? ", may be missing" : ""})` : "";
      return `  ${path}${state === "read" ? "" : ` [${state}]`}${by}`;
    }),
    "",
    "Protocols:",
    ...table(
      on.map(({ name, on: isOn, installed }) => [
        `  ${name}`,
        isOn ? "on" : "off",
        installed ? "" : "not installed",
      ]),
    ),
    "",
    "Sign-in:",
    ...look.sources.map(
      ({ kind, where, files }) => `  ${kind}: ${where}${files.length > 0 ? ` (${files.join(", ")})` : ""}`,
    ),
    `  authentication cache: ${authCache.on ? authCache.size : "off"}`,
  ];
}

/** What would be done, and what speaks for and against it. */
export function planLines(look: Look, plan: Plan): string[] {
  const known = settings.filter(({ key }) => plan.values[key] !== null);
  return [
    `Wanted from then on, as found, are ${known.length} settings:`,
    ...table(known.map(({ key, label, words }) => [`  ${label}`, words(plan.values[key])])),
    ...(plan.unknown.length > 0 ? ["", "Unknown, left to the server's own files and never written:"] : []),
    ...plan.unknown.map(({ label, why }) => `  ${label}: ${why}`),
    "",
    `Added to the end of ${look.instance.configFile}, after its line ${look.main.text.trimEnd().split("\n").length}:`,
    ...plan.added
      .trimEnd()
      .split("\n")
      .filter(Boolean)
      .map((line) => `  + ${line}`),
    "",
    "New files:",
    ...writtenFiles(plan).flatMap(({ path, content }) => [
      `  ${path}`,
      ...content
        .trimEnd()
        .split("\n")
        .map((line) => `  + ${line}`),
    ]),
    `  ${plan.folder}/access.sqlite: who is refused; empty`,
    "",
    "What Dovecot makes of it, now and adopted:",
    ...plan.difference.trimEnd().split("\n"),
    "",
    ...plan.passed,
    ...plan.warnings.map((sentence) => `Note: ${sentence}`),
  ];
}

/** The same as values, for --json. */
export function factsOf(look: Look, plan: Plan) {
  const { instance, version, layout, files, sources, authCache, protocols, master, sessions, writers } = look;
  return {
    server: {
      version,
      configFile: instance.configFile,
      root: instance.root,
      layout: layout.key,
      files,
      signIn: sources,
      authCache,
      protocols,
      running: master !== undefined,
      masterPid: master?.pid ?? null,
      sessions: sessions ?? null,
      writers: writers.map(({ key, kind, mark }) => ({ key, kind, mark })),
    },
    plan: {
      settings: plan.values,
      unknown: plan.unknown,
      added: { path: instance.configFile, text: plan.added },
      files: writtenFiles(plan),
      difference: plan.difference,
      passed: plan.passed,
      warnings: plan.warnings,
      problems: plan.problems,
      refusals: plan.refusals,
    },
  };
}

function startSentence(isForeign: boolean): string {
  return isForeign
    ? "Start helper and panel: systemctl enable --now portcullis-helper portcullis (and systemctl restart portcullis where it runs already)."
    : "Start the panel next: npm start.";
}

/** What came of it. */
export function answerOf(
  adopted: Adopted,
  isForeign: boolean,
): { outcome: Adopted["kind"]; lines: string[] } {
  switch (adopted.kind) {
    case "adopted":
      return {
        outcome: adopted.kind,
        lines: [
          `Adopted: revision ${adopted.revision} is in force, and what answered before answers now.`,
          ...adopted.probes.map(({ listener, seen }) => `  ${listenerLabel(listener)}: ${seen.state}`),
          `${startSentence(isForeign)} "portcullis release" gives the server back.`,
        ],
      };
    case "waiting":
      return {
        outcome: adopted.kind,
        lines: [
          "The files are in place; they count from Dovecot's next start on. Nothing could be looked at.",
        ],
      };
    case "rolled-back":
      return {
        outcome: adopted.kind,
        lines: [adopted.reason, "Everything is as it was before, and was seen to work."],
      };
    case "stuck":
      return { outcome: adopted.kind, lines: [adopted.reason, adopted.wayBack] };
  }
}
