import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { domainOf } from "@/lib/core/access/name";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import type { Change } from "@/lib/core/settings/changes";
import { addSeen } from "@/lib/server/accounts/listing/add";
import type { MailNode } from "@/lib/server/node";
import { countUses } from "@/lib/server/use/count-uses";
import { UNLISTED } from "@/lib/server/use/impact";
import { tlsImpact } from "@/lib/server/use/tls-impact";
import { whoUsesWhich } from "@/lib/server/use/who-uses-which";
import { Prisma } from "@/prisma/client/client";
import { testDatabase } from "../support/database";

const LISTED = ["anna@a.test", "ben@a.test", "carol@b.test", "x@y@b.test", "noat"];
const ADDRESSES = [...LISTED, "gone@a.test", "else@c.test"];
const now = Math.floor(Date.now() / 1000);
const DAY_S = 86_400;
const LATELY_S = now - 30 * DAY_S;

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
  await addSeen(database.db, LISTED, new Date());
});
afterAll(async () => await database.remove());

const instant = fc.constantFrom(1, 29, 31, 90).map((days) => now - days * DAY_S);
const uses = fc.uniqueArray(
  fc.record({
    address: fc.constantFrom(...ADDRESSES),
    protocol: fc.constantFrom(...PROTOCOLS),
    lastAt: instant,
    security: fc.constantFrom("tls", "starttls", "encrypted", "local", "cleartext"),
    tlsVersion: fc.constantFrom("", "TLSv1", "TLSv1.2", "TLSv1.3"),
    clearAt: fc.option(instant),
  }),
  { selector: ({ address, protocol }) => `${address} ${protocol}`, maxLength: 14 },
);

it("counts whom a change would shut out, each once, as a plain look at every use does", async () => {
  const { db } = database;
  const node = { db, name: "local" } as MailNode;
  const change = (key: string, to: unknown) => ({ key, to }) as Change;
  await fc.assert(
    fc.asyncProperty(uses, async (all) => {
      await db.accountUse.deleteMany();
      await db.accountUse.createMany({ data: all.map((use) => ({ ...use, domain: domainOf(use.address) })) });
      const lately = all.filter(({ lastAt }) => lastAt > LATELY_S);
      type Use = (typeof all)[number];
      const who = (holds: (use: Use) => boolean) =>
        new Set(lately.filter(holds).map(({ address }) => address));
      const counts = (addresses: ReadonlySet<string>) => ({
        used: addresses.size,
        unlisted: [...addresses].filter((address) => !LISTED.includes(address)).length,
      });
      const isTls = ({ security }: Use) => ["tls", "starttls", "encrypted"].includes(security);

      expect(await tlsImpact(node, change("tls_min_protocol", "TLSv1.3"))).toMatchObject({
        ...counts(who(({ tlsVersion }) => ["TLSv1", "TLSv1.2"].includes(tlsVersion))),
        unknown: who((use) => isTls(use) && use.tlsVersion === "").size,
      });
      expect(await tlsImpact(node, change("tls_required", true))).toMatchObject(
        counts(who(({ clearAt }) => clearAt !== null && clearAt > LATELY_S)),
      );
      expect(await tlsImpact(node, change("tls_ciphers", ""))).toMatchObject({ unknown: who(isTls).size });
      expect(await tlsImpact(node, change("pop3_tls_only", true))).toMatchObject({
        ...counts(
          who((use) => use.protocol === "pop3" && ["starttls", "local", "cleartext"].includes(use.security)),
        ),
        unknown: who((use) => use.protocol === "pop3" && use.security === "encrypted").size,
      });

      const of = (protocol: Protocol) => who((use) => use.protocol === protocol);
      const both = [...of("imap")].filter((address) => of("pop3").has(address)).length;
      expect(await whoUsesWhich(db)).toEqual({
        imapOnly: of("imap").size - both,
        pop3Only: of("pop3").size - both,
        both,
      });
      const inA = [...of("imap")].filter((address) => domainOf(address) === "a.test");
      expect(
        await countUses(db, { protocol: "imap", domain: "a.test", since: LATELY_S }, [
          Prisma.sql`TRUE`,
          UNLISTED,
        ]),
      ).toEqual([inA.length, inA.filter((address) => !LISTED.includes(address)).length]);
    }),
    { numRuns: 100 },
  );
});
