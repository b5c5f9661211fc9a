import { writeFile } from "node:fs/promises";
import type { Home } from "../home";

/** Shows whoever looks from outside (`portcullis doctor`) that the keeper goes on, whatever Dovecot and the database do. */
export async function giveSign(home: Home): Promise<void> {
  await writeFile(home.keeperSign, `${process.pid}\n`, { mode: 0o600 });
}
