import { MachineFailure, UnsupportedServer } from "@/lib/core/apply/ports";
import { isSystemService } from "@/lib/system/doctor/service";
import { readConfig } from "@/lib/system/dovecot/doveconf";
import { database } from "../database/client";
import { databaseFailure } from "../database/failure";
import type { Home } from "../home";
import { openHostNode } from "../host-node";
import { accessChecks } from "./access";
import { certificateChecks } from "./certificate";
import { type Check, type Checked, Missing, type Patient, unknown, type Verdict } from "./check";
import { databaseChecks } from "./database";
import { dovecotChecks } from "./dovecot";
import { homeChecks } from "./home";
import { portChecks } from "./ports";
import { upkeepChecks } from "./upkeep";

/** Longer than any look takes that isn't held up by a dead disk or a daemon that hangs. */
const LIMIT_MS = 30_000;

const CHECKS: readonly Check[] = [
  ...homeChecks,
  ...databaseChecks,
  ...dovecotChecks,
  ...accessChecks,
  ...portChecks,
  ...certificateChecks,
  ...upkeepChecks,
];

/**
 * Looks at a whole installation and changes nothing. Each check has its time, so that the answer comes whatever is
 * broken: the panel, the database, Dovecot. `tell` hears of each check before it begins.
 */
export async function examine(
  home: Home,
  root: string,
  tell: (check: Pick<Check, "id" | "group">) => void = () => {},
  limitMs = LIMIT_MS,
): Promise<Checked[]> {
  const patient = await patientOf(home, root);
  const seen: Checked[] = [];
  for (const check of CHECKS) {
    // Told once, and not by each that would look at it.
    if (check.needsServer && seen.some(({ id, state }) => id === "mail-server" && state !== "ok")) continue;
    tell(check);
    const verdicts = await within(limitMs, lookOf(check, patient));
    for (const { id, state, sentence, mend } of [verdicts].flat())
      seen.push({ id: id ?? check.id, group: check.group, state, sentence, mend });
  }
  return seen;
}

async function lookOf(check: Check, patient: Patient): Promise<Verdict | Verdict[]> {
  try {
    return await check.look(patient);
  } catch (error) {
    if (error instanceof Missing || error instanceof MachineFailure || error instanceof UnsupportedServer)
      return unknown(error.message);
    const said = databaseFailure(error) ?? (error instanceof Error ? error.message : String(error));
    return unknown(`It could not be looked at: ${said}`);
  }
}

const HANGS = "Something it waits for hangs: a disk, a network file system, or a program that doesn't end.";

async function within(limitMs: number, look: Promise<Verdict | Verdict[]>): Promise<Verdict | Verdict[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Verdict>((resolve) => {
    timer = setTimeout(
      () => resolve(unknown(`It did not answer within ${limitMs / 1000} seconds.`, HANGS)),
      limitMs,
    );
  });
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function patientOf(home: Home, root: string): Promise<Patient> {
  const isService = await isSystemService(root);
  const patient: Patient = {
    home,
    root,
    node: once(openHostNode),
    config: once(async () => {
      const { instance } = await patient.node();
      return await readConfig(instance, instance.configFile);
    }),
    async hangs() {
      await patient.config().catch((error: unknown) => {
        if (error instanceof MachineFailure && /did not answer within/.test(error.message)) throw error;
      });
    },
    db() {
      if (!patient.isDatabaseSound) throw new Missing("It needs the panel's database, which can't be used.");
      return database();
    },
    isDatabaseSound: false,
    startCommand: isService ? "systemctl restart portcullis" : "npm start",
  };
  return patient;
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= read();
    return known;
  };
}
