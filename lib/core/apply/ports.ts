import type { EffectiveConfig, Listener } from "../dovecot/effective";
import type { Digest, FileSet, RenderTarget } from "../dovecot/render";
import type { Sighting, Step } from "./outcome";

/** What the daemon's own checker and the machine say of a staged copy of the whole configuration tree. */
export interface StagedTree {
  /** The checker's complaints, in its words, with paths of the live tree. */
  complaints: string[];
  /** Read back from the staged copy; missing when the checker refused it. */
  effective?: EffectiveConfig;
  /** The configuration includes the generated file, so what is written there counts. */
  includesOurs: boolean;
  /** Programs of the services that Dovecot would have to run and that are not installed. */
  missingExecutables: { service: string; protocol: string; executable: string }[];
  /** Listeners that could not be bound: the address isn't this host's, or another program has the port. */
  unbindable: { listener: Listener; why: "no-such-address" | "taken" }[];
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
  readLive(): Promise<FileSet | undefined>;
  /** Writes a copy of the whole tree with these files in place of ours, and checks it. The live tree is untouched. */
  stage(files: FileSet): Promise<StagedTree>;
  readGood(): Promise<FileSet | undefined>;
  keepGood(files: FileSet): Promise<void>;
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
  /** Told before each step; for progress. */
  report(step: Step): void;
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
