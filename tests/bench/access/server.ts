import { chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endChild, startChild } from "@/bin/serve/children";
import { mendMap } from "@/lib/server/access/mend-map";
import { commandFor } from "@/lib/system/dovecot/instance";
import { PATH } from "@/lib/system/run-here";
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
export async function addRules({ node }: Pick<TestSandbox, "node">, size: Size): Promise<number> {
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

/** A second Dovecot of the same site that doesn't ask the map, its POP3 on another port: what a login costs without it. */
export async function withoutLookup(
  { node, home }: TestSandbox,
  port: number,
): Promise<{ stop(): Promise<void> }> {
  const { instance } = node;
  const folder = `${home.folder}/bare`;
  const own = readFileSync(instance.configFile, "utf8");
  const base = dirname(instance.baseDir);
  mkdirSync(`${folder}/run`, { recursive: true });
  if (instance.user) chownSync(`${folder}/run`, instance.user.uid, instance.user.gid);
  const config = own
    .replaceAll(`${base}/run`, `${folder}/run`)
    .replace(/^protocols = .*$/m, "protocols = pop3")
    .replace(/(inet_listener pop3 \{\n\s+port = )\d+/, `$1${port}`)
    .replace(/(inet_listener (?:pop3s|imap|imaps|lmtp) \{\n\s+port = )\d+/g, "$10")
    .replace(/^!include .*$/m, "");
  writeFileSync(`${folder}/dovecot.conf`, config);
  const command = commandFor(instance, "dovecot", ["-F", "-c", `${folder}/dovecot.conf`]);
  const child = await startChild(
    {
      name: "bare Dovecot",
      program: command.program,
      args: command.args,
      env: { PATH },
      cwd: "/",
      as: command.as,
      log: `${folder}/out`,
    },
    () => {},
  );
  await sleep(1500);
  return { stop: async () => await endChild(child, 5000) };
}
