import type { ImportView } from "@/lib/core/access/views";
import type { MailNode } from "../../node";
import { formatOf } from "./policy-file";
import { prepareImport } from "./prepare";

/** So many bad lines are sent to a browser. */
const TOLD = 1000;

/** Reads and judges a file that somebody gave to a page. Changes nothing. */
export async function checkUpload(node: MailNode, file: File): Promise<ImportView> {
  const problems: ImportView["problems"] = [];
  let problemsInAll = 0;
  const format = formatOf(file.name);
  const source = { name: file.name, format, content: file.stream() as AsyncIterable<Uint8Array> };
  const { id, ...check } = await prepareImport(node, source, (problem) => {
    problemsInAll++;
    if (problems.length < TOLD) problems.push(problem);
  });
  return { ...check, id: id ?? null, format, problems, problemsInAll };
}
