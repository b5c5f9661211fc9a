import { execFileSync } from "node:child_process";
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

  it("ends with whoever it works for", async () => {
    const script = `
      import { fork } from "node:child_process";
      const child = fork(${JSON.stringify(launcher)}, [], { execArgv: [] });
      child.send({ id: 1, program: "true", args: [], options: { timeoutMs: 5000 } });
      child.once("message", () => { process.stdout.write(String(child.pid)); process.exit(0); });`;
    const pid = Number(execFileSync(process.execPath, ["--input-type=module", "-e", script]).toString());
    const isThere = () => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    await expect.poll(isThere).toBe(false);
  });
});
