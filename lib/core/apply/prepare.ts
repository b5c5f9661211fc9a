import type { EffectiveConfig, Listener } from "../dovecot/effective";
import { markDeclaredIn } from "../dovecot/loaded-mark";
import { RefusedText } from "../dovecot/quote";
import { type FileSet, type Rendered, renderSettings, SETTINGS_FILE } from "../dovecot/render";
import type { RenderTarget } from "../dovecot/target";
import type { SettingsValues } from "../settings/catalogue";
import { type Change, changesBetween } from "../settings/changes";
import { judge } from "../settings/rules";
import { type FieldProblem, unsetSettings } from "../settings/schema";
import { checkCandidate, soundPart } from "./candidate";
import type { Sighting } from "./outcome";
import { MachineFailure, type MachinePorts, UnsupportedServer } from "./ports";

/** What the daemon was last seen to run: the revision's settings and the proof of it. */
export interface InForce {
  revision: number;
  values: SettingsValues;
  /** File name to digest. */
  fileDigests: Readonly<Record<string, string>>;
  /** The mark of these files. */
  mark: string;
  /** The mark that the daemon has loaded; older than the files where a protocol was closed without a reload. */
  loadedMark: string;
  /** The ports that these files listen on. */
  listeners: readonly Listener[];
}

/** What the running daemon needs in order to obey. `none`: files, daemon and ports already are as wanted. */
export type Route = "none" | "stop" | "reload";

export interface Prepared {
  target: RenderTarget;
  rendered: Rendered;
  live: FileSet | undefined;
  effective: EffectiveConfig;
  inForce: InForce | undefined;
  changes: Change[];
  route: Route;
  /** What was seen of the effective configuration's listeners, in its order, before anything is changed. */
  before: Sighting[];
  /** Listeners that answer now and that the configuration has no more: they must refuse afterwards. */
  vanishing: Listener[];
  /**
   * A reload would end every open session after six seconds: 2.3 goes by the value it has loaded, 2.4 by the new one
   * (docs/dovecot-facts.md).
   */
  endsSessions: boolean;
  /** The mark that proves that the daemon runs these files: missing as long as it doesn't. */
  loadedMark: string | undefined;
  /** Files and daemon are as last applied, so that what differs afterwards is this change's doing. */
  settled: boolean;
  /** The live files are neither what was last applied nor what is wanted: somebody edited them. */
  edited: boolean;
}

/**
 * `warnings`: what is weak but legal and was touched; whether they were accepted is for the caller to know. `passed`: what
 * was tried, a sentence each.
 */
export type Preparation =
  | { ok: true; prepared: Prepared; warnings: FieldProblem[]; passed: string[] }
  | { ok: false; problems: FieldProblem[]; warnings: FieldProblem[] };

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Renders a state, checks a staged copy of the whole tree with it and says what it would take. Nothing that the
 * daemon reads is touched. `touched` names the settings that somebody is about to change: only those are judged
 * against each other and the machine.
 */
export async function prepare(
  ports: MachinePorts,
  values: SettingsValues,
  inForce: InForce | undefined,
  touched: ReadonlySet<string> = NOTHING,
): Promise<Preparation> {
  try {
    const target = await ports.target();
    const { family, site } = target;
    const facts = { family, site, memoryMb: ports.memoryMb() };
    const verdict = judge(values, touched, facts);
    // What is refused already is left out of what is staged, so that it hides nothing that is wrong besides.
    const sound = soundPart(
      values,
      inForce?.values ?? unsetSettings,
      (state) => judge(state, touched, facts).errors,
    );
    const rendered = renderSettings(sound, target, ports.digest);
    ports.report("stage");
    const live = await ports.readLive();
    const staged = await ports.stage(rendered.files);
    ports.report("check");
    const changes = inForce ? changesBetween(inForce.values, values, target) : [];
    const changed = new Set([...touched, ...changes.map(({ key }) => key)]);
    const found = await checkCandidate(ports, { values: sound, touched, changed, target, staged });
    const problems = [...verdict.errors, ...found.problems];
    const warnings = [...verdict.warnings, ...found.warnings];
    if (problems.length > 0 || !staged.effective) return { ok: false, problems, warnings };

    const { effective } = staged;
    const gone = (inForce?.listeners ?? []).filter(
      (listener) => listener.open && effective.listeners.every(({ port }) => port !== listener.port),
    );
    const sightings = await ports.look([...effective.listeners, ...gone]);
    const before = sightings.slice(0, effective.listeners.length);
    const vanishing = gone.filter(
      (_, index) => sightings[effective.listeners.length + index]?.state === "open",
    );
    const liveIsWanted = sameFiles(live, rendered.files);
    const asApplied = live !== undefined && inForce !== undefined && hasDigests(live, inForce, ports);
    const settled = asApplied && (await isAnyLoaded(ports, [inForce.mark, inForce.loadedMark]));
    const loadedMark = liveIsWanted ? await provingMark() : undefined;
    async function provingMark(): Promise<string | undefined> {
      if ((await ports.loadOf(rendered.mark)) !== undefined) return rendered.mark;
      // A protocol was closed without a reload: the file is newer than what is loaded, and that is all right.
      return settled && changes.every(({ need }) => need === "nothing") ? inForce?.loadedMark : undefined;
    }
    const stopSuffices =
      settled &&
      changes.some(({ need }) => need === "stop") &&
      changes.every(({ need }) => need !== "reload") &&
      // Nothing else would change with it, such as a protocol that the site's own files added meanwhile.
      sameFiles(live, renderSettings(inForce.values, target, ports.digest).files);
    // With everything loaded, a port that should answer and refuses: a service was stopped by hand.
    const serviceIsStopped = effective.listeners.some(
      ({ open }, index) => open && before[index]?.state === "closed",
    );
    const route: Route =
      loadedMark !== undefined && !serviceIsStopped ? "none" : stopSuffices ? "stop" : "reload";
    return {
      ok: true,
      warnings,
      passed: found.passed,
      prepared: {
        target,
        rendered,
        live,
        effective,
        inForce,
        changes,
        route,
        before,
        vanishing,
        endsSessions: endsSessions(target, inForce, effective),
        loadedMark,
        settled,
        edited: live !== undefined && inForce !== undefined && !liveIsWanted && !asApplied,
      },
    };
  } catch (error) {
    return { ok: false, problems: [{ key: "", message: expectedSentence(error) }], warnings: [] };
  }
}

function endsSessions(
  { family }: RenderTarget,
  inForce: InForce | undefined,
  effective: EffectiveConfig,
): boolean {
  const loaded = family === "2.3" ? (inForce?.values.keep_sessions ?? undefined) : undefined;
  return loaded === undefined ? effective.shutdownClients : !loaded;
}

export function sameFiles(a: FileSet | undefined, b: FileSet | undefined): boolean {
  if (!a || !b) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

export function digestsOf(files: FileSet, ports: Pick<MachinePorts, "digest">): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [name, ports.digest(content)]));
}

export function hasDigests(
  files: FileSet,
  inForce: Pick<InForce, "fileDigests">,
  ports: Pick<MachinePorts, "digest">,
): boolean {
  return sameFiles(digestsOf(files, ports), inForce.fileDigests);
}

export function markOf(files: FileSet): string | undefined {
  return markDeclaredIn(files[SETTINGS_FILE] ?? "");
}

export async function isAnyLoaded(
  ports: Pick<MachinePorts, "loadOf">,
  marks: readonly string[],
): Promise<boolean> {
  for (const mark of marks) if ((await ports.loadOf(mark)) !== undefined) return true;
  return false;
}

/** The sentence of a failure that an operator can mend; anything else is a fault of ours and goes up. */
function expectedSentence(error: unknown): string {
  if (error instanceof UnsupportedServer || error instanceof MachineFailure || error instanceof RefusedText) {
    return error.message;
  }
  throw error;
}
