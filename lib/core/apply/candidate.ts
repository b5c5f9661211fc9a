import type { RenderTarget } from "../dovecot/target";
import { isSettingKey, type SettingsValues } from "../settings/catalogue";
import { type FieldProblem, unsetSettings } from "../settings/schema";
import { problemsOf } from "./checks";
import { overrideProblems } from "./overrides";
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

/** Everything that the machine and the rest of the configuration say against a candidate, each at its field. */
export async function checkCandidate(
  ports: MachinePorts,
  { values, touched, changed, target, staged }: Candidate,
): Promise<{ problems: FieldProblem[]; warnings: FieldProblem[] }> {
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
  if (config && staged.includesOurs) {
    // One that this change has nothing to do with is told by the status and stands in nobody's way; but which ports
    // must answer is read from the configuration, so the protocols must come to what is wanted.
    const concerned = new Set([...changed, "imap", "pop3"]);
    const undone = await overrideProblems(ports, { config, wanted: values, target, concerned });
    const known = new Set(problems.map(({ key }) => key));
    problems.push(...undone.filter(({ key }) => !known.has(key)));
  }
  return { problems, warnings };
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
