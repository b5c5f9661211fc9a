import { access } from "node:fs/promises";
import { join } from "node:path";

/** Whether this copy of Portcullis came as a package, with a unit of systemd's: a checkout has its sources and is started by hand. */
export async function isSystemService(root: string): Promise<boolean> {
  return await access(join(root, "package-lock.json")).then(
    () => false,
    () => true,
  );
}
