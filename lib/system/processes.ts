import { readFileSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";

/** The name of a running program, or nothing when the process is gone. */
export async function programOf(pid: number): Promise<string | undefined> {
  return (await readProc(`/proc/${pid}/comm`))?.trim();
}

/** The arguments a program was started with, or none when it is gone. */
export async function argumentsOf(pid: number): Promise<string[]> {
  return ((await readProc(`/proc/${pid}/cmdline`)) ?? "").split("\0");
}

export async function parentOf(pid: number): Promise<number | undefined> {
  const fields = await statFields(pid);
  return fields ? Number(fields[1]) : undefined;
}

/** The pids of a process's children. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readProc(`/proc/${pid}/task/${pid}/children`);
  return (text ?? "").split(" ").filter(Boolean).map(Number);
}

/** Ticks since boot at which a process began: with the pid it names one process, also after the pid was reused. */
export async function startTicksOf(pid: number): Promise<string | undefined> {
  return (await statFields(pid))?.[19];
}

/** Linux counts the start of processes in hundredths of a second, whatever the kernel's own clock (proc(5), USER_HZ). */
const TICKS_A_SECOND = 100;

/** When a process began, to some hundredths of a second; undefined when it is gone. */
export async function startedAt(pid: number): Promise<Date | undefined> {
  const ticks = await startTicksOf(pid);
  const uptime = Number((await readProc("/proc/uptime"))?.split(" ")[0]);
  if (ticks === undefined || Number.isNaN(uptime)) return undefined;
  return new Date(Date.now() - (uptime - Number(ticks) / TICKS_A_SECOND) * 1000);
}

/** How many bytes a process has read in all, from wherever (proc(5), rchar); undefined when it is gone or somebody else's. */
export async function bytesReadBy(pid: number): Promise<number | undefined> {
  const found = /^rchar: (\d+)$/m.exec((await readProc(`/proc/${pid}/io`)) ?? "")?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Ticks like those of startTicksOf, without giving way to anything else: for a process that was started this very moment. */
export function startTicksNow(pid: number): string | undefined {
  try {
    return fieldsAfterName(readFileSync(`/proc/${pid}/stat`, "utf8"))[19];
  } catch {
    return undefined;
  }
}

/** The TCP ports that a process listens on; undefined when its files may not be looked at. */
export async function listeningPortsOf(pid: number): Promise<Set<number> | undefined> {
  const inodes = await socketInodesOf(pid);
  if (!inodes) return undefined;
  const ports = new Set<number>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of ((await readProc(table)) ?? "").split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      const port = fields[1]?.split(":")[1];
      if (fields[3] === LISTENING && port && inodes.has(fields[9] ?? ""))
        ports.add(Number.parseInt(port, 16));
    }
  }
  return ports;
}

/** TCP_LISTEN in /proc/net/tcp. */
const LISTENING = "0A";

async function socketInodesOf(pid: number): Promise<Set<string> | undefined> {
  try {
    const folder = `/proc/${pid}/fd`;
    const links = await Promise.all(
      (await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => "")),
    );
    return new Set(
      links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]).filter((inode) => inode !== undefined),
    );
  } catch {
    return undefined;
  }
}

async function statFields(pid: number): Promise<string[] | undefined> {
  const stat = await readProc(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : fieldsAfterName(stat);
}

/** /proc/<pid>/stat from its third field on: the second is the program's name in brackets and may hold anything. */
function fieldsAfterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** A process can end between any two looks at it. */
async function readProc(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch(() => undefined);
}
