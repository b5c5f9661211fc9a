import type { ConfigTree, Place } from "../dovecot/config";
import type { EffectiveConfig, Listener } from "../dovecot/effective";
import type { Digest, FileSet } from "../dovecot/render";
import type { RenderTarget } from "../dovecot/target";
import type { Sighting, Step } from "./outcome";
import type { TlsFacts } from "./tls-facts";

/** What the daemon's own checker and the machine say of a staged copy of the whole configuration tree. */
export interface StagedTree {
  /** The checker's complaints, in its words, with paths of the live tree. */
  complaints: string[];
  /** Read back from the staged copy; missing when it can't be read at all. */
  effective?: EffectiveConfig;
  /** Everything that was read back. */
  config?: ConfigTree;
  /** The configuration includes the generated file, so what is written there counts. */
  includesOurs: boolean;
  /** Programs of the services that Dovecot would have to run and that are not installed. */
  missingExecutables: { service: string; protocol: string; executable: string }[];
  /** Mail plugins that the configuration loads and that are not installed: every session would end at once. */
  missingPlugins: string[];
  /** Dovecot could not ask the access map. */
  lacksMapDriver: boolean;
  /** Listeners that could not be bound: the address isn't this host's, or another program has the port. */
  unbindable: { listener: Listener; why: "no-such-address" | "taken" }[];
}

/** A line of the server's own files that sets a value. */
export interface Setter {
  /** As Dovecot sees it. */
  file: string;
  line: number;
  text: string;
  /** It is read after the generated file, so it counts and not ours. */
  afterOurs: boolean;
}

/** What the journal on disk remembers of a run until it ended, so that a crash can be finished or undone. */
export interface JournalEntry {
  revision: number;
  /** `back` once the run was judged failed and the previous files are being put back. */
  direction: "forward" | "back";
  /** Why it goes back; empty on the way forward. */
  reason: string;
  files: FileSet;
}

/** A command's answer: a refusal is a value, and `ok` proves nothing about the daemon. */
export interface Answer {
  ok: boolean;
  /** What the command said when it refused. */
  message: string;
}

/**
 * The machine as the engine needs it. Everything that touches a disk, a process or a socket is behind this; an
 * adapter throws only for what the engine can't know (a full disk, a missing program).
 */
export interface MachinePorts {
  digest: Digest;
  /** What the server's own files say when ours is left out. Throws UnsupportedServer for an unknown version. */
  target(): Promise<RenderTarget>;
  /** The memory of the machine, in MB. */
  memoryMb(): number;
  readLive(): Promise<FileSet | undefined>;
  /** Writes a copy of the whole tree with these files in place of ours, and checks it. The live tree is untouched. */
  stage(files: FileSet): Promise<StagedTree>;
  /**
   * Looks at what TLS would need with this configuration: certificate and key always; `rehearse` also tries the
   * ciphers and the oldest protocol with the daemon's own library. Undefined where TLS is off.
   */
  examineTls(config: ConfigTree, rehearse: boolean): Promise<TlsFacts | undefined>;
  /** For each place the line of the server's own files that counts, if any sets it. */
  whoSets(places: readonly Place[]): Promise<(Setter | undefined)[]>;
  readGood(): Promise<FileSet | undefined>;
  /** `revision` is told to whoever looks at them; undefined where it is none of ours. */
  keepGood(files: FileSet, revision: number | undefined): Promise<void>;
  /** Replaces the live files: written beside them, flushed, renamed, folder flushed. */
  swap(files: FileSet): Promise<void>;
  isRunning(): Promise<boolean>;
  /** Which load of the files with this mark the daemon runs (it changes with every reload), or nothing. */
  loadOf(mark: string): Promise<string | undefined>;
  /** Asks for one reload. */
  reload(): Promise<Answer>;
  /** Asks the master to close the ports of these services, without a reload. */
  stopServices(names: readonly string[]): Promise<Answer>;
  /** Ends the open sessions of a protocol, each by its own process. Returns how many. */
  endSessions(protocol: string): Promise<number>;
  look(listeners: readonly Listener[]): Promise<Sighting[]>;
  journal: {
    read(): Promise<JournalEntry | undefined>;
    write(entry: JournalEntry): Promise<void>;
    clear(): Promise<void>;
  };
  /** Told before each step, and what was seen in it; for progress. */
  report(step: Step, detail?: string): void;
  wait(milliseconds: number): Promise<void>;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
}

/** A server that Portcullis must not write for; the message is the sentence for the operator. */
export class UnsupportedServer extends Error {
  override readonly name = "UnsupportedServer";
}

/** A full disk, a missing permission, a program that hangs: expected, and the message is the sentence for the operator. */
export class MachineFailure extends Error {
  override readonly name = "MachineFailure";
}

/** For `catch`: what a machine refuses is then just not there; a fault of ours goes up. */
export function unlessMachineFails(error: unknown): undefined {
  if (!(error instanceof MachineFailure)) throw error;
}
