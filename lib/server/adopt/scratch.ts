import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for the copies of a look, as Dovecot beneath `root` sees it; gone afterwards, whatever happens. */
export async function withScratch<T>(root: string, use: (scratch: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(root === "" ? tmpdir() : join(root, "tmp"), "portcullis-adopt-"));
  try {
    return await use(folder.slice(root.length));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
