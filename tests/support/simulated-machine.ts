import { createHash } from "node:crypto";
import type { Sighting } from "@/lib/core/apply/outcome";
import { type JournalEntry, MachineFailure, type MachinePorts } from "@/lib/core/apply/ports";
import { markOf, sameFiles } from "@/lib/core/apply/prepare";
import type { EffectiveConfig, Listener } from "@/lib/core/dovecot/effective";
import { type FileSet, SETTINGS_FILE } from "@/lib/core/dovecot/render";
import { PLAIN_SITE } from "@/lib/core/dovecot/target";

/** What can go wrong, call by call: `true` makes that call of that port fail. */
export type Trouble = (
  port: "stage" | "write" | "swap" | "keepGood" | "reload" | "stop" | "load" | "answer",
) => boolean;

/**
 * A daemon and a disk as they were measured to behave, on a virtual clock: for failures in every order, which
 * no real machine produces on demand. It loads the live file at a reload, opens the ports that the file it loaded
 * names, and closes stopped services.
 */
export function simulatedMachine(trouble: Trouble, protocolsOf: (files: FileSet) => string[]) {
  let clock = 0;
  let live: FileSet | undefined;
  let good: FileSet | undefined;
  let loaded: FileSet | undefined;
  let stopped = new Set<string>();
  let journal: JournalEntry | undefined;
  let mute = new Set<string>();
  let reloads = 0;
  let loads = 0;

  const fails = (port: Parameters<Trouble>[0], what: string) => {
    if (trouble(port)) throw new MachineFailure(`There is no space left on the disk (${what}).`);
  };
  const listenersFor = (files: FileSet): Listener[] =>
    ["imap", "pop3"].map((protocol, index) => ({
      protocol,
      service: `${protocol}-login`,
      name: protocol,
      address: "127.0.0.1",
      port: 100 + index,
      tls: false,
      haproxy: false,
      open: protocolsOf(files).includes(protocol),
    }));
  const effectiveOf = (files: FileSet): EffectiveConfig => ({
    protocols: protocolsOf(files),
    baseDir: "/run",
    libexecDir: "/lib",
    shutdownClients: true,
    listeners: listenersFor(files),
    services: ["imap", "pop3"].map((protocol) => ({
      name: `${protocol}-login`,
      protocol,
      executable: protocol,
    })),
    statsSockets: [markOf(files) ?? ""],
  });

  const ports: MachinePorts = {
    digest: (text) => createHash("sha256").update(text).digest("hex"),
    target: async () => ({ family: "2.3", otherProtocols: [], site: PLAIN_SITE }),
    memoryMb: () => 4096,
    examineTls: async () => undefined,
    whoSets: async (places) => places.map(() => undefined),
    readLive: async () => live,
    async stage(files) {
      fails("stage", "staging");
      return {
        complaints: [],
        effective: effectiveOf(files),
        includesOurs: true,
        missingExecutables: [],
        missingPlugins: [],
        lacksMapDriver: false,
        unbindable: [],
      };
    },
    readGood: async () => good,
    async keepGood(files) {
      fails("keepGood", "keeping");
      good = files;
    },
    async swap(files) {
      fails("swap", "swapping");
      live = files;
    },
    isRunning: async () => true,
    loadOf: async (mark) => (loaded !== undefined && markOf(loaded) === mark ? `load ${loads}` : undefined),
    async reload() {
      reloads++;
      if (trouble("reload")) return { ok: false, message: "doveadm reload failed" };
      // Accepted by the command and refused by the master: that it returned 0 proves nothing.
      if (trouble("load")) return { ok: true, message: "" };
      loaded = live;
      loads++;
      stopped = new Set();
      mute = new Set(["imap", "pop3"].filter(() => trouble("answer")));
      return { ok: true, message: "" };
    },
    async stopServices(names) {
      if (trouble("stop")) return { ok: false, message: "doveadm service stop failed" };
      for (const name of names) stopped.add(name.replace("-login", ""));
      return { ok: true, message: "" };
    },
    endSessions: async () => 0,
    look: async (listeners) =>
      listeners.map(({ protocol }): Sighting => {
        const listens =
          loaded !== undefined && protocolsOf(loaded).includes(protocol) && !stopped.has(protocol);
        if (!listens) return { state: "closed" };
        return mute.has(protocol)
          ? { state: "failing", reason: "the TLS handshake fails" }
          : { state: "open", latencyMs: 1 };
      }),
    journal: {
      read: async () => journal,
      async write(entry) {
        fails("write", "journal");
        journal = entry;
      },
      clear: async () => {
        journal = undefined;
      },
    },
    report: () => {},
    wait: async (milliseconds) => {
      clock += milliseconds;
    },
    now: () => clock,
  };
  return {
    ports,
    start(files: FileSet) {
      live = files;
      good = files;
      loaded = files;
    },
    state: () => ({
      live,
      good,
      journal,
      reloads,
      elapsedMs: clock,
      loadedIsLive: sameFiles(loaded, live),
      answers: (protocol: string) =>
        loaded !== undefined &&
        protocolsOf(loaded).includes(protocol) &&
        !stopped.has(protocol) &&
        !mute.has(protocol),
    }),
  };
}

/** The protocols that a 2.3 file of ours opens. */
export function protocolsIn(files: FileSet): string[] {
  return (/^protocols =(.*)$/m.exec(files[SETTINGS_FILE] ?? "")?.[1] ?? "").split(" ").filter(Boolean);
}
