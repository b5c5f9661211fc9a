import { setTimeout as sleep } from "node:timers/promises";
import { masterPid } from "../dovecot/daemon";
import type { DovecotInstance } from "../dovecot/instance";
import { childrenOf, programOf } from "../processes";

const POLL_MS = 50;
/** Dovecot ends what is left of an older load six seconds after a reload, unless it was told to keep sessions. */
const PATIENCE_MS = 7000;

/** The processes that answer sign-ins now. */
export async function authProcesses(instance: DovecotInstance): Promise<number[]> {
  const master = await masterPid(instance);
  if (master === undefined) return [];
  const pids = await childrenOf(master);
  const names = await Promise.all(pids.map(programOf));
  return pids.filter((_, index) => names[index] === "auth");
}

/** Waits for processes of an older load: whoever connected before the reload is still looked up as that load has it. */
export async function untilEnded(pids: readonly number[]): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
    const names = await Promise.all(pids.map(programOf));
    if (names.every((name) => name !== "auth")) return;
    await sleep(POLL_MS);
  }
}
