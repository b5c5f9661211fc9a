import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageText, SAMPLE_MAILBOXES, sampleMessages } from "@/lib/core/sandbox/samples";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Lays the sample mail down as Maildir, the way a delivery agent would have over the last weeks. */
export async function writeSampleMail(mailDir: string): Promise<void> {
  for (const address of SAMPLE_MAILBOXES) {
    const [user = "", domain = ""] = address.split("@");
    for (const [index, message] of sampleMessages(address).entries()) {
      const at = new Date(Date.now() - message.ageDays * DAY_MS);
      const id = `${Math.floor(at.getTime() / 1000)}.M${index}P1.sample`;
      const folder = join(mailDir, domain, user, message.folder === "INBOX" ? "" : `.${message.folder}`);
      for (const part of ["cur", "new", "tmp"])
        await mkdir(join(folder, part), { recursive: true, mode: 0o700 });
      const path = join(folder, "cur", `${id}:2,${message.folder === "Sent" ? "S" : ""}`);
      await writeFile(path, messageText(message, at, id), { mode: 0o600 });
      await utimes(path, at, at);
    }
  }
}
