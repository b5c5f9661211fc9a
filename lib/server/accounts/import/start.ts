import { MachineFailure } from "@/lib/core/apply/ports";
import { doShortJob } from "../../jobs/run";
import { addJob } from "../../jobs/store";
import type { Actor } from "../../mailserver/revisions";
import type { MailNode } from "../../node";
import { PreparedFiles } from "./prepared-files";

/**
 * Makes the job that imports a file which `prepareImport` found good, as one change of the history. Returns the job's id.
 * @throws MachineFailure when there is no such file any more.
 */
export async function startImport(
  node: MailNode,
  id: string,
  { reason, actor }: { reason: string; actor: Actor },
): Promise<string> {
  const prepared = await new PreparedFiles(node.home).find(id);
  if (!prepared) throw new MachineFailure("The checked file is not there any more. Give it again.");
  // Confirmed twice, it is imported once.
  const known = await node.db.job.findFirst({ where: { kind: "import-policies", input: { contains: id } } });
  if (known) return known.id;
  const input = { file: id, name: prepared.name, reason };
  return await addJob(node, { kind: "import-policies", input, total: prepared.lines, actor });
}

/** So many lines are imported while somebody waits for the answer: well under a second. */
const AT_ONCE = 200;

/** The same; of a short file all is done when this returns. */
export async function runImport(
  node: MailNode,
  id: string,
  request: { reason: string; actor: Actor },
): Promise<string> {
  const job = await startImport(node, id, request);
  const { total } = await node.db.job.findUniqueOrThrow({ where: { id: job } });
  if (total <= AT_ONCE) await doShortJob(node, job);
  return job;
}

/** Forgets a checked file that is not going to be imported. */
export async function discardImport({ home }: MailNode, id: string): Promise<void> {
  await new PreparedFiles(home).remove(id);
}
