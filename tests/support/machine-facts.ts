import { cpus, release, totalmem } from "node:os";
import { run } from "@/lib/system/run";
import { DOVECOTS } from "./dovecot-versions";

/** What figures were taken on. */
export async function machineFacts() {
  const dovecot = await Promise.all(
    DOVECOTS.filter(({ missing }) => missing === undefined).map(async ({ family, root }) => {
      const [program, args] = root === "" ? ["dovecot", []] : ["chroot", [root, "dovecot"]];
      const { stdout } = await run(program, [...args, "--version"], { timeoutMs: 5000 });
      return [family, stdout.trim().split(" ")[0] ?? ""] as const;
    }),
  );
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? "unknown",
    memoryMb: Math.round(totalmem() / 1024 ** 2),
    kernel: release(),
    node: process.versions.node,
    dovecot: Object.fromEntries(dovecot),
  };
}
