import type { EffectiveConfig } from "../dovecot/effective";
import { markDeclaredIn } from "../dovecot/loaded-mark";
import { RefusedText } from "../dovecot/quote";
import { type FileSet, type Rendered, renderSettings, SETTINGS_FILE } from "../dovecot/render";
import { type Change, changesBetween, type SettingsValues } from "../settings/catalogue";
import type { FieldProblem } from "../settings/schema";
import { problemsOf } from "./checks";
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
}

/** What the running daemon needs in order to obey. `none`: files, daemon and ports already are as wanted. */
export type Route = "none" | "stop" | "reload";

export interface Prepared {
  rendered: Rendered;
  live: FileSet | undefined;
  effective: EffectiveConfig;
  inForce: InForce | undefined;
  changes: Change[];
  route: Route;
  /** What was seen of the effective configuration's listeners, in its order, before anything is changed. */
  before: Sighting[];
  /** The mark that proves that the daemon runs these files: missing as long as it doesn't. */
  loadedMark: string | undefined;
  /** Files and daemon are as last applied, so that what differs afterwards is this change's doing. */
  settled: boolean;
  /** The live files are neither what was last applied nor what is wanted: somebody edited them. */
  edited: boolean;
}

export type Preparation = { ok: true; prepared: Prepared } | { ok: false; problems: FieldProblem[] };

/**
 * Renders a state, checks a staged copy of the whole tree with it and says what it would take. Nothing that the
 * daemon reads is touched.
 */
export async function prepare(
  ports: MachinePorts,
  values: SettingsValues,
  inForce: InForce | undefined,
): Promise<Preparation> {
  try {
    const target = await ports.target();
    const rendered = renderSettings(values, target, ports.digest);
    ports.report("stage");
    const live = await ports.readLive();
    const staged = await ports.stage(rendered.files);
    ports.report("check");
    const problems = problemsOf(staged, values);
    if (problems.length > 0 || !staged.effective) return { ok: false, problems };

    const before = await ports.look(staged.effective.listeners);
    const changes = inForce ? changesBetween(inForce.values, values) : [];
    const liveIsWanted = sameFiles(live, rendered.files);
    const asApplied = live !== undefined && inForce !== undefined && hasDigests(live, inForce, ports);
    const settled = asApplied && (await isAnyLoaded(ports, [inForce.mark, inForce.loadedMark]));
    const loadedMark = liveIsWanted ? await provingMark() : undefined;
    async function provingMark(): Promise<string | undefined> {
      if ((await ports.loadOf(rendered.mark)) !== undefined) return rendered.mark;
      // A protocol was closed without a reload: the file is newer than what is loaded, and that is all right.
      return settled && changes.length === 0 ? inForce?.loadedMark : undefined;
    }
    const stopSuffices =
      settled &&
      changes.length > 0 &&
      changes.every(({ need }) => need === "stop") &&
      // Nothing else would change with it, such as a protocol that the site's own files added meanwhile.
      sameFiles(live, renderSettings(inForce.values, target, ports.digest).files);
    // With everything loaded, a port that should answer and refuses: a service was stopped by hand.
    const serviceIsStopped = staged.effective.listeners.some(
      ({ open }, index) => open && before[index]?.state === "closed",
    );
    const route: Route =
      loadedMark !== undefined && !serviceIsStopped ? "none" : stopSuffices ? "stop" : "reload";
    return {
      ok: true,
      prepared: {
        rendered,
        live,
        effective: staged.effective,
        inForce,
        changes,
        route,
        before,
        loadedMark,
        settled,
        edited: live !== undefined && inForce !== undefined && !liveIsWanted && !asApplied,
      },
    };
  } catch (error) {
    return { ok: false, problems: [{ key: "", message: expectedSentence(error) }] };
  }
}

export function sameFiles(a: FileSet | undefined, b: FileSet | undefined): boolean {
  if (!a || !b) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

export function digestsOf(files: FileSet, ports: Pick<MachinePorts, "digest">): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [name, ports.digest(content)]));
}

export function hasDigests(files: FileSet, inForce: InForce, ports: Pick<MachinePorts, "digest">): boolean {
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
