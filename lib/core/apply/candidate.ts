import type { RenderTarget } from "../dovecot/target";
import { isSettingKey, type SettingsValues, settings } from "../settings/catalogue";
import { type FieldProblem, unsetSettings } from "../settings/schema";
import { problemsOf } from "./checks";
import { isWritten, overrideProblems } from "./overrides";
import { passedChecks } from "./passed";
import type { MachinePorts, StagedTree } from "./ports";
import { tlsProblems, tlsWarnings } from "./tls-facts";

interface Candidate {
  values: SettingsValues;
  /** What somebody is about to change. */
  touched: ReadonlySet<string>;
  /** That, and what differs from what is in force. */
  changed: ReadonlySet<string>;
  target: RenderTarget;
  staged: StagedTree;
}

export interface Checked {
  problems: FieldProblem[];
  warnings: FieldProblem[];
  /** Where there is no problem: what was tried, a sentence each. */
  passed: string[];
}

/** Everything that the machine and the rest of the configuration say against a candidate, each at its field. */
export async function checkCandidate(
  ports: MachinePorts,
  { values, touched, changed, target, staged }: Candidate,
): Promise<Checked> {
  const { config } = staged;
  const rehearse = [...changed].some((key) => key.startsWith("tls"));
  const tls = config && (await ports.examineTls(config, rehearse));
  const problems = problemsOf(staged, values, tls);
  const warnings: FieldProblem[] = [];
  if (tls) {
    const onlyCloses = [...touched].every((key) => (key === "imap" || key === "pop3") && !values[key]);
    problems.push(...tlsProblems(tls, { lenient: onlyCloses, touched }));
    warnings.push(...tlsWarnings(tls, touched));
  }
  // One that this change has nothing to do with is told by the status and stands in nobody's way; but which ports
  // must answer is read from the configuration, so the protocols must come to what is wanted.
  const concerned = new Set([...changed, "imap", "pop3"]);
  if (config && staged.includesOurs) {
    const undone = await overrideProblems(ports, { config, wanted: values, target, concerned });
    const known = new Set(problems.map(({ key }) => key));
    problems.push(...undone.filter(({ key }) => !known.has(key)));
  }
  const looked = settings.filter((one) => concerned.has(one.key) && isWritten(one, values, target.family));
  const passed = problems.length > 0 ? [] : passedChecks({ staged, tls, rehearse, concerned: looked });
  return { problems, warnings, passed };
}

/**
 * What is left of a change without what is refused already, so that it hides nothing that is wrong besides: as it was
 * before; where that doesn't go with the rest either, as found.
 */
export function soundPart(
  values: SettingsValues,
  before: SettingsValues,
  refusedIn: (state: SettingsValues) => FieldProblem[],
): SettingsValues {
  let state = values;
  for (const instead of [before, unsetSettings, unsetSettings]) {
    const keys = refusedIn(state)
      .map(({ key }) => key)
      .filter(isSettingKey);
    if (keys.length === 0) return state;
    state = { ...state, ...Object.fromEntries(keys.map((key) => [key, instead[key]])) };
  }
  return state;
}
