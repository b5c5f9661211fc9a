import type { EffectiveConfig } from "../dovecot/effective";
import { markDeclaredIn } from "../dovecot/loaded-mark";
import { RefusedText } from "../dovecot/quote";
import { type FileSet, type Rendered, renderSettings, SETTINGS_FILE } from "../dovecot/render";
import { type Change, changesBetween, type SettingsValues } from "../settings/catalogue";
import type { FieldProblem } from "../settings/schema";
import { problemsOf } from "./checks";
import { MachineFailure, type MachinePorts, UnsupportedServer } from "./ports";

/** What the daemon was last seen to run: the revision's settings and the proof of it. */
export interface InForce {
  revision: number;
  values: SettingsValues;
  /** File name to digest. */
  fileDigests: Readonly<Record<string, string>>;
  /** The mark that the daemon has loaded; older than the files where a protocol was closed without a reload. */
  loadedMark: string;
}

/** What the running daemon needs in order to obey. `none`: files and daemon already are as wanted. */
export type Route = "none" | "stop" | "reload";

export interface Prepared {
  rendered: Rendered;
  live: FileSet | undefined;
  effective: EffectiveConfig;
  inForce: InForce | undefined;
  changes: Change[];
  route: Route;
  /** The mark that proves that the daemon runs this: missing as long as it doesn't. */
  loadedMark: string | undefined;
  /** Before the change, files and daemon were as last applied. */
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

    const changes = inForce ? changesBetween(inForce.values, values) : [];
    const liveIsWanted = sameFiles(live, rendered.files);
    const liveIsInForce =
      inForce !== undefined && sameFiles(live, renderSettings(inForce.values, target, ports.digest).files);
    const settled = liveIsInForce && (await ports.isLoaded(inForce.loadedMark));
    const loadedMark = await provingMark();
    async function provingMark(): Promise<string | undefined> {
      if (!liveIsWanted) return undefined;
      if (await ports.isLoaded(rendered.mark)) return rendered.mark;
      // A protocol was closed without a reload: the file is newer than what is loaded, and that is all right.
      return settled && changes.length === 0 ? inForce?.loadedMark : undefined;
    }
    function routeFor(): Route {
      if (loadedMark !== undefined) return "none";
      if (!settled) return "reload";
      return changes.length > 0 && changes.every(({ need }) => need === "stop") ? "stop" : "reload";
    }
    return {
      ok: true,
      prepared: {
        rendered,
        live,
        effective: staged.effective,
        inForce,
        changes,
        route: routeFor(),
        loadedMark,
        settled,
        edited: live !== undefined && !liveIsWanted && !matchesDigests(live, inForce, ports),
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

export function markOf(files: FileSet): string | undefined {
  return markDeclaredIn(files[SETTINGS_FILE] ?? "");
}

function matchesDigests(live: FileSet, inForce: InForce | undefined, ports: MachinePorts): boolean {
  return inForce === undefined || sameFiles(digestsOf(live, ports), inForce.fileDigests);
}

/** The sentence of a failure that an operator can mend; anything else is a fault of ours and goes up. */
function expectedSentence(error: unknown): string {
  if (error instanceof UnsupportedServer || error instanceof MachineFailure || error instanceof RefusedText) {
    return error.message;
  }
  throw error;
}
