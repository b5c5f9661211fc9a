import { writeFileSync } from "node:fs";
import { SETTINGS_FILE } from "@/lib/core/dovecot/render";
import type { Family } from "@/lib/core/dovecot/version";
import { type DovecotInstance, generatedDir, outside, runDovecot } from "@/lib/system/dovecot/instance";

/** How `doveconf` reads a value that is written to `login_greeting`, which takes any text. */
export async function readGreeting(
  instance: DovecotInstance,
  family: Family,
  written: string,
): Promise<string> {
  writeFileSync(
    `${outside(instance, generatedDir(instance))}/${SETTINGS_FILE}`,
    `login_greeting = ${written}\n`,
  );
  const ran = await runDovecot(
    instance,
    "doveconf",
    ["-c", instance.configFile, "-h", "login_greeting"],
    10_000,
  );
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  // 2.4 puts quotes around what would be read otherwise, 2.3 never does.
  const quoted = family === "2.3" ? undefined : /^"(.*)"$/s.exec(ran.stdout)?.[1];
  return quoted === undefined ? ran.stdout : quoted.replace(/\\(["\\])/g, "$1");
}
