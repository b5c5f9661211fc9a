import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quoteValue, RefusedText } from "@/lib/core/dovecot/quote";
import { type SettingsValues, settings } from "@/lib/core/settings/catalogue";
import { defaultSettings, parsePatch, unsetSettings } from "@/lib/core/settings/schema";
import { DOVECOTS } from "../support/dovecot-versions";
import { HOSTILE } from "../support/hostile-strings";
import { type ReadBack, readBackAt, SITES } from "../support/read-back";
import { readGreeting } from "../support/read-greeting";
import { anySettings, withoutContradictions } from "../support/settings-arbitrary";

/**
 * Whole states a site and version; each holds some forty values, and takes two runs of doveconf. `npm run drill
 * settings-read-back` makes a thousand.
 */
const STATES = 12;

describe.each(DOVECOTS)("what is rendered, read back by the real doveconf $family", (dovecot) => {
  describe.each(Object.entries(SITES))("on a site that is %s", (name, texts) => {
    let site: ReadBack;
    beforeAll(async () => {
      if (!dovecot.missing)
        site = await readBackAt(
          dovecot,
          `read-back-${name.replace(/\W+/g, "-").slice(0, 12)}`,
          texts[dovecot.family],
        );
    });
    afterAll(() => site?.remove());

    it("the defaults, and nothing at all", async (context) => {
      if (dovecot.missing) context.skip(dovecot.missing);
      expect(await site.differences(defaultSettings)).toEqual([]);
      expect(await site.differences(unsetSettings)).toEqual([]);
    });

    it(`any ${STATES} states that the schemas accept`, async (context) => {
      if (dovecot.missing) context.skip(dovecot.missing);
      const seed = Math.floor(Math.random() * 2 ** 31);
      process.stdout.write(`  read back on ${dovecot.family}, ${name}: seed ${seed}\n`);
      await fc.assert(
        fc.asyncProperty(anySettings, async (values) => {
          expect(await site.differences(withoutContradictions(values, site.target))).toEqual([]);
        }),
        { seed, numRuns: STATES },
      );
    });
  });

  describe("hostile texts", () => {
    let site: ReadBack;
    beforeAll(async () => {
      if (!dovecot.missing) site = await readBackAt(dovecot, "hostile", SITES.plain![dovecot.family]);
    });
    afterAll(() => site?.remove());

    it.for(Object.keys(HOSTILE))(
      "%s: refused in every field, or read back as it is",
      async (name, context) => {
        if (dovecot.missing) context.skip(dovecot.missing);
        const hostile = HOSTILE[name] ?? "";
        // Alone, behind something good, and in the midst of it. What is refused is left out; the rest is read back at once.
        for (const text of [hostile, `HIGH${hostile}`, `HIGH:${hostile}:!aNULL`]) {
          const taken = settings.flatMap(({ key }) => {
            const parsed = parsePatch({ [key]: text });
            return parsed.ok ? [parsed.values] : [];
          });
          if (taken.length === 0) continue;
          const values = { ...defaultSettings, ...Object.assign({}, ...taken) } as SettingsValues;
          expect(await site.differences(withoutContradictions(values, site.target))).toEqual([]);
        }
      },
    );

    it.for(Object.keys(HOSTILE))(
      "%s: written anywhere by the one encoder, it stays one value",
      async (name, context) => {
        if (dovecot.missing) context.skip(dovecot.missing);
        const hostile = HOSTILE[name] ?? "";
        let written: string;
        try {
          written = quoteValue(hostile);
        } catch (error) {
          expect(error).toBeInstanceOf(RefusedText);
          return;
        }
        expect(await readGreeting(site.instance, dovecot.family, written)).toBe(hostile);
      },
    );
  });
});
