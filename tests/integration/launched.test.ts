import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { quickProgram } from "@/bin/prepare/programs.mjs";
import { runLaunched } from "@/lib/system/launched";
import { runHere } from "@/lib/system/run-here";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

describe("programs that a small process starts", () => {
  let launcher: string;
  beforeAll(async () => {
    launcher = await quickProgram(ROOT, "bin/launcher");
  });
  const sh = (script: string, timeoutMs = 10_000) => [launcher, "sh", ["-c", script], { timeoutMs }] as const;

  it("are run without it where it can't be started", async () => {
    const ran = await runLaunched("/nowhere/launcher.mjs", "sh", ["-c", "echo out"], { timeoutMs: 10_000 });
    expect(ran).toEqual({ exitCode: 0, stdout: "out", stderr: "", timedOut: false });
  });

  it("end as they would here: what they say, their code, their time, a program that isn't there", async () => {
    for (const [program, args, timeoutMs] of [
      ["sh", ["-c", "echo out; echo err >&2; exit 7"], 10_000],
      ["sh", ["-c", "env; pwd; id -u"], 10_000],
      ["sh", ["-c", "exec sleep 5"], 100],
      ["no-such-program", [], 10_000],
    ] as const)
      expect(await runLaunched(launcher, program, args, { timeoutMs })).toEqual(
        await runHere(program, args, { timeoutMs }),
      );
  });

  it("run several at a time, each with its own answer", async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, index) => runLaunched(...sh(`sleep 0.${9 - index}; echo ${index}`))),
    );
    expect(all.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 10 }, (_, index) => `${index}`));
  });

  it("are told as ended when it is killed, and run again afterwards", async () => {
    const parent = Number((await runLaunched(...sh("echo $PPID"))).stdout);
    const waiting = runLaunched(...sh("sleep 2"));
    // It has begun before its parent is killed.
    await runLaunched(...sh("true"));
    process.kill(parent, "SIGKILL");
    expect(await waiting).toMatchObject({ exitCode: 255, stderr: expect.stringContaining("ended before") });
    const again = await runLaunched(...sh("echo $PPID"));
    expect(again.exitCode).toBe(0);
    expect(Number(again.stdout)).not.toBe(parent);
  });

  it("are late when it hangs, and run by another one then", async () => {
    const parent = Number((await runLaunched(...sh("echo $PPID"))).stdout);
    process.kill(parent, "SIGSTOP");
    expect(await runLaunched(...sh("true", 100))).toMatchObject({ exitCode: 255, timedOut: true });
    await expect.poll(() => isThere(parent)).toBe(false);
    expect(await runLaunched(...sh("echo $PPID"))).toMatchObject({ exitCode: 0 });
  }, 20_000);

  it("bring what they say, however much", async () => {
    const { stdout } = await runLaunched(...sh("head -c 20000000 /dev/zero | tr '\\0' x"));
    expect(stdout).toHaveLength(20_000_000);
  });

  it("end with whoever they work for, and the process with them", async () => {
    const script = `
      import { fork } from "node:child_process";
      const child = fork(${JSON.stringify(launcher)}, [], { execArgv: [] });
      const ask = (id, program, args) => child.send({ id, program, args, options: { timeoutMs: 60_000 } });
      ask(1, "sleep", ["50"]);
      ask(2, "sh", ["-c", "echo $PPID; pgrep -x -P $PPID sleep"]);
      child.on("message", ({ ran }) => {
        if (!ran) return;
        process.stdout.write(ran.stdout);
        process.kill(process.pid, "SIGKILL");
      });`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
    const pids = stdout.toString().trim().split("\n").map(Number);
    expect(pids).toHaveLength(2);
    await expect.poll(() => pids.filter(isThere)).toEqual([]);
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
