import { join } from "node:path";
import { fileStates } from "@/lib/system/dovecot/file-states";
import { generatedDir } from "@/lib/system/dovecot/instance";
import { type RecordedInForce, readInForce } from "../mailserver/in-force";
import type { MailNode } from "../node";
import { configFindings } from "./find-config";
import { fileFindings, mapFindings } from "./find-files";
import type { Finding } from "./finding";

/** Looks at files, daemon, ports and certificate against what is in force. Changes nothing; some 150 ms of `doveconf`. */
export async function findDrift(node: MailNode): Promise<Finding[]> {
  const inForce = await readInForce(node);
  if (!inForce) return [];
  const folder = generatedDir(node.instance);
  const states = await fileStates(
    node.instance,
    Object.keys(inForce.fileDigests).map((name) => join(folder, name)),
  );
  const running = await node.ports.isRunning();
  const load = running ? await loadOf(node, inForce) : undefined;
  const files = await fileFindings(node, inForce, states);
  return [
    ...mapFindings(node),
    ...files,
    ...(running ? [] : [DOWN]),
    ...(running && load === undefined ? [OTHER_CONFIG] : []),
    ...(await configFindings(node, inForce, load, files.length > 0)),
    ...(running ? await portFindings(node, inForce) : []),
  ];
}

const DOWN: Finding = {
  key: "daemon-down",
  kind: "daemon-down",
  severity: "alarm",
  sentence:
    "Dovecot is not running: nobody can read mail. Start it; its files are shown above if they differ.",
  diff: "",
};

const OTHER_CONFIG: Finding = {
  key: "other-config",
  kind: "other-config",
  severity: "warning",
  sentence:
    "Dovecot runs another configuration than the one that was last applied: somebody reloaded it with other files.",
  diff: "",
};

/** When the daemon loaded what is in force, in milliseconds since 1970; undefined where it runs something else. */
async function loadOf(node: MailNode, inForce: RecordedInForce): Promise<number | undefined> {
  for (const mark of [inForce.mark, inForce.loadedMark]) {
    const load = await node.ports.loadOf(mark);
    // The moment at which its mark was made, in nanoseconds.
    if (load !== undefined) return Number(BigInt(load) / 1_000_000n);
  }
  return undefined;
}

async function portFindings(node: MailNode, { listeners }: RecordedInForce): Promise<Finding[]> {
  const sightings = await node.ports.look(listeners);
  return listeners.flatMap((listener, index): Finding[] => {
    const seen = sightings[index]?.state ?? "failing";
    const wanted = listener.open ? "open" : "closed";
    if (seen === wanted) return [];
    const name = `${listener.protocol.toUpperCase()} on ${listener.address} port ${listener.port}`;
    return [
      {
        key: `ports:${listener.address}:${listener.port}`,
        kind: "ports",
        severity: wanted === "open" ? "alarm" : "warning",
        sentence: `${name} is ${seen} and was ${wanted} when it was last applied.`,
        diff: "",
      },
    ];
  });
}
