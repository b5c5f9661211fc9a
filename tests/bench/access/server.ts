import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { mendMap } from "@/lib/server/access/mend-map";
import { DOVECOTS } from "../../support/dovecot-versions";
import { startSandbox, type TestSandbox } from "../../support/sandbox";
import { addresses, ruleChunks, type Size, writeSite } from "./seed";

/** A Dovecot whose users lie in a table of its own, as a large site's do; nothing is listed here yet. */
export async function startSite(size: Size): Promise<TestSandbox> {
  const dovecot = DOVECOTS.find(({ family, missing }) => family === "2.3" && !missing);
  if (!dovecot) throw new Error("The bench needs the machine's Dovecot 2.3.");
  return await startSandbox(dovecot, (configFile) => {
    const folder = dirname(configFile);
    writeSite(folder, size);
    const config = readFileSync(configFile, "utf8")
      .replace(/passdb \{[\s\S]*?\n\}\n/, `passdb {\n  driver = sql\n  args = ${folder}/site.sql\n}\n`)
      .replace(/userdb \{[\s\S]*?\n\}\n/, `userdb {\n  driver = sql\n  args = ${folder}/site.sql\n}\n`)
      .replace("# Read last", "auth_failure_delay = 0\n# Read last");
    writeFileSync(configFile, config);
  });
}

const CHUNK = 10_000;

/** Overrides and domain rules, written in bulk, and the map made from them. Returns milliseconds for the map. */
export async function addRules({ node }: TestSandbox, size: Size): Promise<number> {
  const change = await node.db.accessChange.create({
    data: {
      at: new Date(),
      actor: "bench",
      origin: "cli",
      reason: "",
      sentence: "seed",
      count: size.overrides,
    },
  });
  for (const rows of ruleChunks(size, [...addresses(size)], CHUNK)) {
    await node.db.$executeRaw`
      INSERT OR IGNORE INTO "Policy" ("subject", "protocol", "level", "domain", "state", "until", "changeId")
      SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3, j.value->>4, j.value->>5, ${change.id} FROM json_each(${rows}) j`;
  }
  const begun = performance.now();
  await mendMap(node);
  return performance.now() - begun;
}
