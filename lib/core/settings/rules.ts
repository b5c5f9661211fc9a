import { type SettingKey, type SettingsValues, settings } from "./catalogue";
import { sameWanted } from "./changes";
import type { FieldProblem } from "./schema";
import type { RuleFacts } from "./setting";

export interface Verdict {
  /** What is refused, each at its setting. */
  errors: FieldProblem[];
  /** What is weak but legal, and needs a tick. */
  warnings: FieldProblem[];
}

/**
 * Judges settings against each other and against the machine. Only what a change touches is judged: a state that
 * was accepted once must not stand in the way of another change, for instance when memory was taken out.
 */
export function judge(values: SettingsValues, touched: ReadonlySet<string>, facts: RuleFacts): Verdict {
  const verdict: Verdict = { errors: [], warnings: [] };
  for (const setting of settings) {
    const { key, label, rules } = setting;
    if (touched.has(key) && lacks(setting, facts) && !isHarmless(key, values))
      verdict.errors.push({
        key,
        message: `${label} needs Dovecot ${setting.since}; this is ${facts.family}.`,
      });
    for (const { severity, with: others = [], check } of rules) {
      if (![key, ...others].some((one) => touched.has(one))) continue;
      const complaint = check(values, facts);
      if (complaint === undefined) continue;
      const list = severity === "error" ? verdict.errors : verdict.warnings;
      list.push({ key, message: `${label} ${complaint}.` });
    }
  }
  return verdict;
}

/** This Dovecot doesn't know the setting. */
export function lacks({ since }: { since: string }, { family }: Pick<RuleFacts, "family">): boolean {
  return since > family;
}

/** Saying what is so anyway asks for nothing that the server lacks. */
function isHarmless(key: SettingKey, values: SettingsValues): boolean {
  const setting = settings.find((one) => one.key === key);
  return values[key] === null || (setting !== undefined && sameWanted(values[key], setting.default));
}
