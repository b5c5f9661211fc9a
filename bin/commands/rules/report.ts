import type { ChainStepJson, RuleChangeJson, SuspensionJson } from "@/lib/core/api/answers/rules";
import { table } from "../output";

/** What there is to tell of an account or domain, for people and for scripts. */
export interface Report {
  json: Record<string, unknown>;
  /** What is effective now, why, and what Dovecot says to it. */
  summary: string[];
  /** Layers, suspensions, history. */
  details: string[];
  /** Dovecot contradicts what is effective. */
  contradicted: boolean;
  /** It was asked and could not say, or can't be asked. */
  unproved: boolean;
}

export function chainLines(steps: readonly ChainStepJson[]): string[] {
  return table(
    steps.map(({ label, says, decides, actor, at, reason, until }) => [
      decides ? ">" : " ",
      label,
      says === "nothing" ? "-" : says,
      actor === null ? "" : originOf({ actor, at: at ?? "", reason: reason ?? "" }, until),
    ]),
  ).map((line) => `  ${line.trimEnd()}`);
}

export function historyLines(entries: readonly RuleChangeJson[]): string[] {
  return entries.map(
    ({ change, at, actor, origin, sentence, reason, undone }) =>
      `  #${change}  ${at}  ${actor} (${origin})  ${sentence}${reason ? `: ${reason}` : ""}${undone ? " (taken back)" : ""}`,
  );
}

export function suspensionLines(suspensions: readonly SuspensionJson[]): string[] {
  return suspensions.map(
    ({ id, level, protocol, rank, reason, ticket, until, actor, at }) =>
      `  #${id}  ${level}  ${protocol}  ${[originOf({ actor, at, reason }, until), ticket ? `ticket ${ticket}` : "", `may be resumed by: ${rank}`].filter(Boolean).join("; ")}`,
  );
}

/** A heading and what stands below it, or nothing. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function originOf(by: { actor: string; at: string; reason: string }, until: string | null): string {
  return `${until === null ? "" : `until ${until}, `}by ${by.actor}, ${by.at}${by.reason ? `: ${by.reason}` : ""}`;
}
