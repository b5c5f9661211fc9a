import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { RefusedText } from "@/lib/core/dovecot/quote";
import { renderSettings } from "@/lib/core/dovecot/render";
import { PLAIN_SITE, type SiteFacts } from "@/lib/core/dovecot/target";
import { FAMILIES, type Family } from "@/lib/core/dovecot/version";
import { settingKeys } from "@/lib/core/settings/catalogue";
import { parseStored } from "@/lib/core/settings/schema";

/**
 * A folder a case: `state.json` in, `expected-2.3/` and `expected-2.4/` out, or `refused.json` with the
 * complaints. What a state doesn't name is left to the server's own files, so that a new setting changes no case but
 * its own. UPDATE_GOLDEN=1 writes what is missing; read it before you commit it.
 */
const CASES = fileURLToPath(new URL("render", import.meta.url));
const update = process.env.UPDATE_GOLDEN === "1";

interface State {
  settings: unknown;
  otherProtocols: string[];
  /** What the server's own files say, where it isn't Dovecot's own defaults. */
  site?: Partial<SiteFacts>;
}

describe.each(readdirSync(CASES))("rendering %s", (name) => {
  const folder = join(CASES, name);
  const state = JSON.parse(readFileSync(join(folder, "state.json"), "utf8")) as State;
  const isRefusal = name.startsWith("refused-");

  it.each(FAMILIES)("for Dovecot %s", (family) => {
    const result = render(state, family);
    if (isRefusal) {
      compare(join(folder, "refused.json"), `${JSON.stringify(result, null, 2)}\n`);
      return;
    }
    expect(result).not.toHaveProperty("refused");
    for (const [file, content] of Object.entries(result as Record<string, string>))
      compare(join(folder, `expected-${family}`, file), content);
  });
});

it("every setting has a case", () => {
  const named = readdirSync(CASES)
    .filter((name) => !name.startsWith("refused-"))
    .flatMap((name) => {
      const { settings } = JSON.parse(readFileSync(join(CASES, name, "state.json"), "utf8")) as State;
      return Object.keys(settings as object);
    });
  expect(settingKeys.filter((key) => !named.includes(key))).toEqual([]);
});

function render(
  { settings, otherProtocols, site = {} }: State,
  family: Family,
): { refused: string[] } | Record<string, string> {
  const parsed = parseStored(settings);
  if (!parsed.ok) return { refused: parsed.problems.map(({ message }) => message) };
  try {
    const target = { family, otherProtocols, site: { ...PLAIN_SITE, ...site } };
    const digest = (text: string) => createHash("sha256").update(text).digest("hex");
    return { ...renderSettings(parsed.values, target, digest).files };
  } catch (error) {
    // 2.4 doesn't write the other protocols, so it has nothing to refuse in them: the language decides.
    if (error instanceof RefusedText) return { refused: [error.message] };
    throw error;
  }
}

function compare(path: string, actual: string): void {
  if (update && !existsSync(path)) {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, actual);
  }
  expect(actual).toBe(readFileSync(path, "utf8"));
}
