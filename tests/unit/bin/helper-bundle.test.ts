import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { modulesOfWhole } from "@/bin/prepare/bundle.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** Runs programs by argument vectors; reads command lines; reads what comes in. Everything else is node's. */
const PACKAGES = { execa: "runs programs", commander: "reads its command line", zod: "reads requests" };
/** What execa brings. */
const OF_EXECA =
  "@sec-ant/readable-stream @sindresorhus/merge-streams cross-spawn figures get-stream human-signals is-plain-obj is-stream is-unicode-supported isexe npm-run-path parse-ms path-key pretty-ms shebang-command shebang-regex signal-exit strip-final-newline unicorn-magic which yoctocolors";
/** The helper's own. `client` is the other side of the socket, which the modules that it shares with the panel name. */
const OWN = "answers client config lines listen record runs safe-path server trials turns";
/** What it does with the machine, which a panel with the right to does itself. */
const SHARED =
  "access/auth-workers access/map-file bind files journal launched processes run run-here probe/conversation probe/look tls/certificate tls/ciphers tls/examine tls/rehearsal";
const DOVECOT =
  "auth-lookup binding daemon doveconf include-tree installed instance machine mailbox-size sessions staging user-listing";

/** Lines of its own, without blank ones and comments. */
const MOST_LINES = 950;

it("the root helper's program holds neither the panel nor its database, and few modules, all of them named here", async () => {
  const modules = await modulesOfWhole(ROOT, "bin/helper");
  const packages = modules
    .map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
    .filter((name) => name !== undefined);
  expect([...new Set(packages)].toSorted()).toEqual(
    [...Object.keys(PACKAGES), ...OF_EXECA.split(" ")].toSorted(),
  );
  const own = modules.filter((path) => !path.startsWith("node_modules/") && !path.startsWith("lib/core/"));
  expect(own.toSorted()).toEqual(
    [
      "bin/helper.ts",
      "bin/commands/helper.ts",
      ...OWN.split(" ").map((name) => `lib/system/helper/${name}.ts`),
      ...SHARED.split(" ").map((name) => `lib/system/${name}.ts`),
      ...DOVECOT.split(" ").map((name) => `lib/system/dovecot/${name}.ts`),
    ].toSorted(),
  );
  const lines = modules
    .filter((path) => /(?:^bin|\/helper)\//.test(path) && !path.endsWith("/client.ts"))
    .flatMap((path) => readFileSync(join(ROOT, path), "utf8").split("\n"))
    .filter((line) => !/^\s*(?:\/\/|\/?\*|$)/.test(line));
  expect(lines.length).toBeGreaterThan(500);
  expect(lines.length).toBeLessThan(MOST_LINES);
});
