import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { RefusedText } from "@/lib/core/dovecot/quote";
import { renderSettings } from "@/lib/core/dovecot/render";
import { FAMILIES, type Family } from "@/lib/core/dovecot/version";
import { parseSettings } from "@/lib/core/settings/schema";

/**
 * A folder a case: `state.json` in, `expected-2.3/` and `expected-2.4/` out, or `refused.json` with the
 * complaints. UPDATE_GOLDEN=1 writes what is missing; read it before you commit it.
 */
const CASES = fileURLToPath(new URL("render", import.meta.url));
const update = process.env.UPDATE_GOLDEN === "1";

interface State {
  settings: unknown;
  otherProtocols: string[];
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

function render(
  { settings, otherProtocols }: State,
  family: Family,
): { refused: string[] } | Record<string, string> {
  const parsed = parseSettings(settings);
  if (!parsed.ok) return { refused: parsed.problems.map(({ message }) => message) };
  try {
    const digest = (text: string) => createHash("sha256").update(text).digest("hex");
    return { ...renderSettings(parsed.values, { family, otherProtocols }, digest).files };
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
