import { appendFileSync, chmodSync, chownSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AvailableDovecot } from "./dovecot-versions";
import { startSandbox, type TestSandbox } from "./sandbox";

/** Every mechanism that a passwd-file with plain passwords can serve. */
const MECHANISMS = "plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 apop";

export const PASSWORD = "pw";

/**
 * A Dovecot for tests of who may sign in: all mechanisms on, no pause after a failure, and these names with one password.
 * `more` goes into the server's own configuration.
 */
export async function startAccessSandbox(
  dovecot: AvailableDovecot,
  names: readonly string[],
  more = "",
): Promise<TestSandbox> {
  return await startSandbox(dovecot, (configFile) => {
    const calm = `auth_failure_delay = 0
auth_mechanisms = ${MECHANISMS}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
${more}`;
    const config = readFileSync(configFile, "utf8");
    writeFileSync(configFile, config.replace("# Read last", `${calm}\n# Read last`));
    const users = join(dirname(configFile), "users");
    const { uid, gid } = statSync(users);
    appendFileSync(users, names.map((name) => `${name}:{PLAIN}${PASSWORD}::::::\n`).join(""));
    chownSync(users, uid, gid);
    chmodSync(users, 0o600);
  });
}
