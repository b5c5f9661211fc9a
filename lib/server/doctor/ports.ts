import { listenerLabel } from "@/lib/core/apply/outcome";
import { effectiveOf } from "@/lib/system/dovecot/doveconf";
import { readInForce } from "../mailserver/in-force";
import { type Check, fail, ok, type Patient, unknown, type Verdict, warn } from "./check";

export const portChecks: readonly Check[] = [
  { id: "ports", group: "ports", needsServer: true, look: portsOf },
];

/** What was last applied says what should be open; without the database, the files on disk. */
async function portsOf(patient: Patient): Promise<Verdict[]> {
  const { ports } = await patient.node();
  const inForce = patient.isDatabaseSound ? await readInForce(await patient.node()) : undefined;
  const listeners = inForce?.listeners ?? effectiveOf(await patient.config()).listeners;
  if (listeners.length === 0) return [unknown("No port is known on which Dovecot should listen.")];
  const sightings = await ports.look(listeners);
  return listeners.map((listener, index): Verdict => {
    const seen = sightings[index] ?? { state: "failing", reason: "it was not looked at" };
    const label = listenerLabel(listener);
    const id = `ports:${listener.protocol}:${listener.port}`;
    const wanted = listener.open ? "open" : "closed";
    if (seen.state === wanted)
      return {
        ...ok(`${label} is ${seen.state}${seen.state === "open" ? ` (${seen.latencyMs} ms)` : ""}.`),
        id,
      };
    if (seen.state === "failing")
      return { ...fail(`${label} accepts connections and fails: ${seen.reason}.`, LOG), id };
    if (seen.state === "closed") return { ...fail(`${label} is closed and should be open.`, SILENT), id };
    return { ...warn(`${label} is open and should be closed.`, OPEN), id };
  });
}

const LOG = "Dovecot's log says why: doveadm log errors";
const SILENT = "If Dovecot runs: portcullis drift restore. Another program may have the port: ss -ltnp";
const OPEN = "ss -ltnp tells whose it is; if Dovecot's: portcullis drift restore";
