import { rm } from "node:fs/promises";
import { z } from "zod";
import type { JournalEntry, MachinePorts } from "@/lib/core/apply/ports";
import { onDisk, readIfThere, replaceFile } from "./files";

const entrySchema = z.object({
  revision: z.number().int(),
  direction: z.enum(["forward", "back"]),
  reason: z.string(),
  files: z.record(z.string(), z.string()),
});

/** What an apply that is under way would need after a crash: one small file, replaced whole. */
export function journalAt(path: string): MachinePorts["journal"] {
  return {
    async read() {
      const text = await readIfThere(path);
      return text === undefined ? undefined : entrySchema.parse(JSON.parse(text));
    },
    async write(entry: JournalEntry) {
      await replaceFile(path, `${JSON.stringify(entry, null, 2)}\n`, 0o600);
    },
    async clear() {
      await onDisk(`removing ${path}`, () => rm(path, { force: true }));
    },
  };
}
