import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { installPackages, isDebianLike, isRoot } from "@/bin/prepare/debian.mjs";
import { buildPackage } from "@/bin/prepare/package/build.mjs";
import { freePorts } from "../support/ports";
import type { DrillReport } from "./report";

const RELEASES = { bookworm: "Debian 12", trixie: "Debian 13" } as const;
const MIRROR = "http://deb.debian.org/debian";
const READY_MS = 60_000;
const VERSIONS = ["0.0.9", "0.1.0"] as const;

/** The package as it is installed, upgraded and removed on a real system, but for systemd. */
export default async function drill(): Promise<DrillReport> {
  const root = process.cwd();
  const facts: [string, string][] = [];
  const failures: string[] = [];
  if (!isDebianLike() || !isRoot())
    return { title: TITLE, about: ABOUT, facts: [["left out", "it needs root on Debian"]], failures };
  if (!existsSync("/usr/sbin/debootstrap"))
    await installPackages(["debootstrap", "lintian"], "trees of Debian, and a check of the package");
  const folder = mkdtempSync(join(tmpdir(), "portcullis-package-"));
  try {
    const [older, newer] = [
      await buildPackage(root, folder, VERSIONS[0], "quick"),
      await buildPackage(root, folder, VERSIONS[1], "quick"),
    ];
    facts.push([
      "package",
      `Node ${process.versions.node}; ${Math.round(statSync(newer).size / 1e6)} MB as it is packed quickly for this drill`,
    ]);
    const tags = lintian(newer);
    facts.push(["lintian", tags.length === 0 ? "no error" : tags.join("; ")]);
    for (const [release, name] of Object.entries(RELEASES)) {
      const tree = join(folder, release);
      makeTree(root, release, tree);
      try {
        const system = new System(tree);
        for (const [what, seen] of await live(system, older, newer)) facts.push([`${name}, ${what}`, seen]);
      } catch (error) {
        failures.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      } finally {
        execFileSync("umount", ["-l", join(tree, "proc")]);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { title: TITLE, about: ABOUT, facts, failures };
}

const TITLE = "The package on Debian 12 and 13";
const ABOUT =
  "The .deb is built twice, as an older and a newer version. In a fresh tree of each release, made by debootstrap: the older one is installed by apt with what it needs and nothing of Node or npm; Dovecot's folder isn't touched and nothing is started; the manual page, completion and command line are there; the panel starts as its own user by chroot and its sign-in page answers on the loopback; the programs that the web server starts by itself answer; every file of the state is that user's, also after root used the command line. Then the newer one is installed over it: a backup of the database is there and whole, and the panel starts again with its state. Removing keeps the state, installing again finds it, and purging leaves no file, user or group.";

/** A tree of its own for each run; the first of a release is kept for the next. */
function makeTree(root: string, release: string, tree: string): void {
  const kept = join(root, ".cache/debian", release);
  if (!existsSync(join(kept, "etc/os-release"))) {
    mkdirSync(kept, { recursive: true });
    execFileSync("debootstrap", ["--variant=minbase", release, kept, MIRROR], { stdio: "pipe" });
  }
  execFileSync("cp", ["-a", "--reflink=auto", kept, tree]);
  cpSync("/etc/resolv.conf", join(tree, "etc/resolv.conf"), { dereference: true });
  execFileSync("mount", ["-t", "proc", "proc", join(tree, "proc")]);
}

class System {
  constructor(readonly tree: string) {}

  run(...args: string[]): string {
    return execFileSync("chroot", [this.tree, ...args], {
      encoding: "utf8",
      env: {
        NODE_ENV: "production",
        PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
        LC_ALL: "C.UTF-8",
        DEBIAN_FRONTEND: "noninteractive",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Installs a file as an administrator would. */
  install(file: string): string {
    cpSync(file, join(this.tree, "root/portcullis.deb"));
    const said = this.run(
      "apt-get",
      "install",
      "-y",
      "-q",
      "--no-install-recommends",
      "--reinstall",
      "/root/portcullis.deb",
    );
    rmSync(join(this.tree, "root/portcullis.deb"));
    return said;
  }

  /** Names of files with ours in it, but what apt and dpkg remember of every package. */
  traces(): string[] {
    return this.run("find", "/", "-xdev", "-name", "*portcullis*", "-not", "-path", "/proc/*")
      .split("\n")
      .filter((path) => path !== "" && !/^\/var\/(?:lib\/(?:dpkg|apt)|log|cache)\//.test(path));
  }
}

async function live(system: System, older: string, newer: string): Promise<[string, string][]> {
  const { tree } = system;
  system.run("apt-get", "update", "-q");
  const before = new Set(packagesOf(system));
  const said = system.install(older);
  must(
    said.includes("Portcullis is installed and not started"),
    `the install says what comes next: ${said.slice(-500)}`,
  );
  const brought = packagesOf(system).filter((name) => !before.has(name));
  must(!brought.some((name) => /^(?:nodejs|npm)/.test(name)), `it brings no Node: ${brought.join(" ")}`);
  must(!existsSync(join(tree, "etc/dovecot")), "Dovecot's folder isn't touched");
  must(system.run("portcullis", "--version").trim() === "0.1.0", "the command line runs");
  must(system.run("dpkg", "--verify", "portcullis") === "", "dpkg finds each file as it was packed");
  for (const path of [
    "usr/share/man/man1/portcullis.1.gz",
    "usr/share/bash-completion/completions/portcullis",
    "usr/lib/systemd/system/portcullis.service",
  ])
    must(existsSync(join(tree, path)), `${path} is there`);
  const home = join(tree, "var/lib/portcullis");
  must((statSync(home).mode & 0o7777) === 0o711, "the home is closed");

  const first = await served(system);
  requireOwnPrograms(system);
  const secret = readFileSync(join(home, "secret"), "utf8");
  system.run("portcullis", "backup", "create");
  const strangers = foreign(home, statSync(home).uid);
  must(strangers.length === 0, `every file is the panel's user's: ${strangers.join(" ")}`);

  system.install(newer);
  must(
    system.run("dpkg-query", "-W", "-f", "${Version}", "portcullis") === VERSIONS[1],
    "the newer is installed",
  );
  const backups = readdirSync(join(home, "backups")).filter((name) => name.startsWith("before-upgrade-"));
  must(backups.length === 1, `the upgrade made a backup: ${backups.join(" ")}`);
  const checked = system.run("portcullis", "backup", "check", `/var/lib/portcullis/backups/${backups[0]}`);
  must(checked.includes("is whole"), "the backup is whole");
  const second = await served(system);

  system.run("apt-get", "remove", "-y", "-q", "portcullis");
  must(!existsSync(join(tree, "usr/lib/portcullis")), "removed, the programs are gone");
  must(readFileSync(join(home, "secret"), "utf8") === secret, "removed, the state is there");
  system.install(newer);
  await served(system);
  must(readFileSync(join(home, "secret"), "utf8") === secret, "installed again, the state is the same");

  system.run("apt-get", "purge", "-y", "-q", "portcullis");
  const left = [...system.traces(), ...accountsOf(tree)];
  must(left.length === 0, `purged, nothing is left: ${left.join(" ")}`);
  return [
    ["packages that came with it", brought.filter((name) => name !== "portcullis").join(", ") || "none"],
    ["from start to the sign-in page", `${first} ms, after the upgrade ${second} ms`],
    ["after a purge", "no file, no user, no group"],
  ];
}

/** Starts the panel as its unit does, without systemd: its user, its environment. Milliseconds until its sign-in page. */
async function served({ tree }: System): Promise<number> {
  const [port = 0] = await freePorts(1);
  const begun = performance.now();
  const child = spawn("chroot", ["--userspec=portcullis:portcullis", tree, "/usr/bin/portcullis", "serve"], {
    env: {
      NODE_ENV: "production",
      PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
      PORT: String(port),
      LC_ALL: "C.UTF-8",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  try {
    for (;;) {
      const page = await fetch(`http://127.0.0.1:${port}/sign-in`, {
        signal: AbortSignal.timeout(5000),
      }).catch(() => undefined);
      if (page?.ok && (await page.text()).includes("Sign in")) return Math.round(performance.now() - begun);
      must(child.exitCode === null && performance.now() - begun < READY_MS, `the panel starts: ${said}`);
      await sleep(100);
    }
  } finally {
    await ended(child);
  }
}

/** What the web server starts by itself when it is first needed: nothing of a checkout is there for it. */
const OWN_PROGRAMS = `
  const { fork } = require("node:child_process");
  const { Worker } = require("node:worker_threads");
  const at = (path) => "/usr/lib/portcullis/" + path;
  const launcher = fork(at("launcher/launcher.mjs"), [], { execArgv: [] });
  launcher.once("message", () => launcher.send({ id: 1, program: "echo", args: ["launched"], options: { timeoutMs: 5000 } }));
  launcher.on("message", ({ ran }) => ran && (console.log(ran.stdout), launcher.disconnect()));
  const url = "file:/var/lib/portcullis/portcullis.sqlite";
  const reader = new Worker(at("bin/serve/database-reader.mjs"), { workerData: { url } });
  reader.on("message", ({ result }) => (console.log("read", result.rows.length), reader.terminate()));
  reader.postMessage({ id: 1, statement: "SELECT 1" });`;

function requireOwnPrograms(system: System): void {
  const said = system.run("/usr/lib/portcullis/node", "-e", OWN_PROGRAMS).trim().split("\n").toSorted();
  must(said.join() === "launched,read 1", `the web server's own programs answer: ${said.join()}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await exited;
}

function packagesOf(system: System): string[] {
  return system.run("dpkg-query", "-W", "-f", "${Package}\n").split("\n").filter(Boolean);
}

/** Files below a folder that belong to somebody else. */
function foreign(folder: string, uid: number): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => statSync(join(folder, path)).uid !== uid,
  );
}

function accountsOf(tree: string): string[] {
  return ["passwd", "group", "shadow"].flatMap((name) =>
    readFileSync(join(tree, "etc", name), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("portcullis:")),
  );
}

/** Errors only, with how often: what a package of a distribution's own archive would be sent back for. */
function lintian(file: string): string[] {
  if (!existsSync("/usr/bin/lintian")) return ["not installed"];
  let said: string;
  try {
    said = execFileSync("lintian", ["--fail-on", "none", "--tag-display-limit", "0", file], {
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    said = String((error as { stdout?: string }).stdout ?? error);
  }
  const counts = new Map<string, number>();
  for (const [, tag = ""] of said.matchAll(/^E: portcullis: (\S+)/gm))
    counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].map(([tag, count]) => `${tag} (${count})`);
}

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Did not hold: ${what}`);
}
