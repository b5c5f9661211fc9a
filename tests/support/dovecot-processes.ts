import { readdirSync, readFileSync } from "node:fs";
import { masterPid } from "@/lib/system/dovecot/daemon";
import type { DovecotInstance } from "@/lib/system/dovecot/instance";

const MB = 1024 ** 2;

/** The running processes of one of an instance's programs, and how much address space each may take. */
export async function processesOf(
  instance: DovecotInstance,
  program: string,
): Promise<{ pid: number; memoryMb: number }[]> {
  const master = await masterPid(instance);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        if (parent !== master || readFileSync(`/proc/${name}/comm`, "utf8").trim() !== program) return [];
        const limit = /^Max address space\s+(\d+)/m.exec(readFileSync(`/proc/${name}/limits`, "utf8"))?.[1];
        return [{ pid: Number(name), memoryMb: Number(limit) / MB }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}
