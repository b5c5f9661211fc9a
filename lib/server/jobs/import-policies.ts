import { z } from "zod";
import type { Edit } from "@/lib/core/access/edits";
import type { PolicyLine } from "@/lib/core/access/policy-line";
import { PreparedFiles } from "../accounts/import/prepared-files";
import { closeChange } from "./close-change";
import { commitChunk } from "./commit-chunk";
import { Pace } from "./pace";
import type { JobRunner } from "./run";

const inputSchema = z.object({ file: z.string(), name: z.string(), reason: z.string() });

const positionSchema = z.object({ changeId: z.number().nullable(), changed: z.number() }).nullable();

/** Sets what the lines of a checked file say, chunk by chunk, as one change of the history. */
export const runImportPolicies: JobRunner = async (node, job) => {
  const { file, name, reason } = inputSchema.parse(job.input);
  const files = new PreparedFiles(node.home);
  const before = positionSchema.parse(job.position);
  let { changeId, changed } = before ?? { changeId: null, changed: 0 };
  let done = job.done;
  const soFar = () => ({ changeId, changed, reason, sentence: sentenceFor(changed, name) });
  const pace = new Pace();
  for await (const lines of files.lines(file, done, () => pace.size)) {
    done += lines.length;
    const committed = await pace.timed(() =>
      commitChunk(node, job, {
        changeId,
        reason,
        sentence: sentenceFor(job.total, name),
        edits: lines.flatMap(editsOf),
        progress: (id, count) => ({ done, position: { changeId: id, changed: changed + count } }),
      }),
    );
    changeId = committed.changeId;
    changed += committed.changed;
    if (!committed.goOn) return await closeChange(node, job, { state: "cancelled", ...soFar() });
  }
  await files.remove(file);
  return await closeChange(node, job, { state: "done", ...soFar() });
};

function editsOf({ subject, wanted, reason }: PolicyLine): Edit[] {
  return wanted.map((wish) => ({ kind: "policy", subject, ...wish, ...(reason === "" ? {} : { reason }) }));
}

function sentenceFor(rules: number, name: string): string {
  return `Import ${rules.toLocaleString("en")} ${rules === 1 ? "rule" : "rules"} from ${name}`;
}
