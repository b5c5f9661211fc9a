import { readdir } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AccountFilter, NO_FILTER } from "@/lib/core/access/filter";
import { parseAddress } from "@/lib/core/access/name";
import { writePolicies } from "@/lib/server/access/write-policies";
import { writeSuspensions } from "@/lib/server/access/write-suspensions";
import type { AccountFacts } from "@/lib/server/accounts/export/facts";
import { type ExportFormat, exportAccounts } from "@/lib/server/accounts/export/stream";
import type { ImportFormat } from "@/lib/server/accounts/import/policy-file";
import { type ImportProblem, prepareImport } from "@/lib/server/accounts/import/prepare";
import { PreparedFiles } from "@/lib/server/accounts/import/prepared-files";
import { addSeen } from "@/lib/server/accounts/listing/add";
import { countDomains } from "@/lib/server/accounts/listing/finish";
import { homeAt } from "@/lib/server/home";
import type { MailNode } from "@/lib/server/node";
import { testDatabase } from "../support/database";

const HOSTILE = [
  "=cmd|'/c calc'!a0@site.example",
  "+1@site.example",
  "-1@site.example",
  "'=twice@site.example",
  "''quotes''@site.example",
  'q"uo"te@site.example',
  '"all"@site.example',
  "a,b;c@site.example",
  "in side@site.example",
  "%u%{user}@site.example",
  "back\\slash@site.example",
  "zoë@site.example",
  "日本@site.example",
  "\u{1f4ec}@site.example",
  "\u00a0nbsp@site.example",
  `${"l".repeat(64)}@${"d".repeat(243)}.example`.slice(0, 320),
  "noat",
  "two@x@site.example",
  "' or 1=1 --@site.example",
  "\uff1dwide@site.example",
].filter((name) => parseAddress(name).ok);

let node: MailNode;
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
  const { db, folder } = database;
  // What is tried here asks no daemon: everything else of a node stays untouched.
  node = { name: "local", db, home: homeAt(folder), scope: null } as MailNode;
  await addSeen(db, HOSTILE, new Date());
  await countDomains(db);
});
afterAll(async () => await database.remove());

async function exported(format: ExportFormat, filter: Partial<AccountFilter> = {}): Promise<string> {
  let text = "";
  const request = { filter: { ...NO_FILTER, ...filter }, sort: "address" as const };
  for await (const piece of exportAccounts(node, request, { format })) text += piece;
  return text;
}

async function prepared(text: string | Uint8Array, format: ImportFormat = "csv") {
  const problems: ImportProblem[] = [];
  const content = (async function* () {
    // In pieces that cut characters and line ends apart.
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  })();
  const check = await prepareImport(node, { name: `policies.${format}`, format, content }, (one) =>
    problems.push(one),
  );
  const lines = [];
  if (check.id)
    for await (const batch of new PreparedFiles(node.home).lines(check.id, 0, () => 3)) lines.push(...batch);
  return { check, problems, lines };
}

const sentences = ({ problems }: { problems: ImportProblem[] }) =>
  problems.map(({ line, sentence }) => `${line ?? "file"}: ${sentence}`);

describe("a file of accounts", () => {
  it.each(["csv", "json"] as const)(
    "as %s is read back to the very names, and would change nothing",
    async (format) => {
      const { check, lines, problems } = await prepared(await exported(format), format);
      expect(problems).toEqual([]);
      expect(lines.map(({ subject }) => subject).toSorted()).toEqual(HOSTILE.toSorted());
      expect(check).toMatchObject({
        exported: true,
        lines: HOSTILE.length,
        changing: 0,
        alreadySo: HOSTILE.length,
        unknown: 0,
      });
    },
  );

  it("carries any name that an account can have through CSV", async () => {
    const name = fc
      .oneof(
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc
          .array(fc.constantFrom("'", '"', "=", "@", ",", ";", " ", "-", "\t", "a", "é"), { minLength: 1 })
          .map((parts) => parts.join("")),
      )
      .filter((text) => parseAddress(text).ok);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 20 }), async (names) => {
        await node.db.$executeRaw`DELETE FROM "Account"`;
        const folded = [
          ...new Set(names.map((one) => parseAddress(one)).flatMap((one) => (one.ok ? [one.name] : []))),
        ];
        await addSeen(node.db, folded, new Date());
        const text = await exported("csv");
        for (const cell of parse(text).flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        const { lines, problems } = await prepared(text);
        expect(problems).toEqual([]);
        expect(lines.map(({ subject }) => subject).toSorted()).toEqual(folded.toSorted());
      }),
      { numRuns: 40 },
    );
    await node.db.$executeRaw`DELETE FROM "Account"`;
    await addSeen(node.db, HOSTILE, new Date());
  });

  it("tells of each account what a list shows, and only of those that the filter takes", async () => {
    const { db } = node;
    const until = Date.parse("2099-11-27T18:00:00Z") / 1000;
    await db.$transaction(async (write) => {
      const { id } = await write.accessChange.create({
        data: { at: new Date(), actor: "root", origin: "cli", reason: "all of them", sentence: "", count: 2 },
      });
      await writePolicies(write, id, [
        { kind: "policy", subject: "noat", protocol: "pop3", state: "deny", until, reason: "only this" },
      ]);
      await writeSuspensions(write, id, [
        {
          kind: "suspend",
          subject: "@site.example",
          protocol: "imap",
          rank: "operator",
          reason: "=bill",
          ticket: "T-7",
          until: null,
        },
      ]);
    });
    await db.proof.create({
      data: {
        node: "local",
        address: "noat",
        protocol: "pop3",
        seen: "allow",
        by: "lookup",
        at: new Date(),
        differs: true,
      },
    });
    const [noat] = JSON.parse(await exported("json", { override: "any" })) as AccountFacts[];
    expect(noat).toMatchObject({
      address: "noat",
      domain: "",
      imap: { effective: "allow", override: "inherit", until: null, proof: null },
      pop3: {
        effective: "deny",
        layer: "account",
        because: expect.stringMatching(
          /^POP3 is denied for this account until 27 Nov 2099.*\(only this\)\.$/,
        ),
        override: "deny",
        until: "2099-11-27T18:00:00Z",
        proof: { seen: "allow", matches: false, by: "lookup" },
      },
      lastChange: { actor: "root", reason: "only this" },
    });
    const suspended = parse<Record<string, string>>(await exported("csv", { suspended: "yes" }), {
      columns: true,
    });
    expect(suspended).toHaveLength(
      HOSTILE.filter((name) => name.replace(/^[^@]*@/, "") === "site.example").length,
    );
    expect(suspended[0]).toMatchObject({
      imap: "deny",
      pop3: "allow",
      suspensions: expect.stringMatching(/^#\d+ domain: imap, =bill, ticket T-7$/),
    });
    const again = await prepared(await exported("csv"));
    expect(again).toMatchObject({ problems: [], check: { changing: 0 } });
    expect(JSON.parse(await exported("json", { q: "nobody has this" }))).toEqual([]);
  });
});

describe("a file of policies", () => {
  it("is read as it is meant: folded, parted by semicolons, with a byte order mark, over several lines", async () => {
    const text =
      '\ufeffAddress;POP3;imap;Until;Reason\r\nAnna@Site.Example; Deny ;;2099-01-01;"two\r\nlines"\r\n\r\n@SITE.example;inherit;allow;;\r\n*;;;;\r\n';
    const { check, lines, problems } = await prepared(text);
    expect(problems).toEqual([]);
    const until = Date.parse("2099-01-01T00:00:00") / 1000;
    expect(lines).toEqual([
      {
        subject: "anna@site.example",
        wanted: [{ protocol: "pop3", state: "deny", until }],
        reason: "two\r\nlines",
      },
      {
        subject: "@site.example",
        wanted: [
          { protocol: "imap", state: "allow", until: null },
          { protocol: "pop3", state: "inherit", until: null },
        ],
        reason: "",
      },
      { subject: "*", wanted: [], reason: "" },
    ]);
    expect(check).toMatchObject({
      lines: 3,
      bad: 0,
      silent: 1,
      unknown: 1,
      unknownNames: ["anna@site.example"],
      exported: false,
    });
  });

  it("has every bad line named by its number, and is then not kept", async () => {
    const before = await readdir(node.home.imports);
    const text = [
      "address,imap,pop3,until",
      "noat,deny,,",
      "anna@site.example,denied,,",
      ",deny,,",
      "noAT,allow,,",
      "ben@site.example,deny,off,never",
      '"multi',
      'line@site.example",deny,,',
      "dora@site.example,inherit,,+7d",
      "emil@site.example,deny,,2020-01-01,x",
      "emil@site.example,deny,,2020-01-01",
      `${"x".repeat(600)}@site.example,deny,,`,
      "fritz@site.example,,allow,",
    ].join("\n");
    const result = await prepared(text);
    expect(sentences(result)).toEqual([
      '3: imap: "denied" is not allow, deny or inherit.',
      "4: Enter the address.",
      "5: noat stands in line 2 already.",
      expect.stringMatching(/^6: until: "never" is no end\./),
      '6: pop3: "off" is not allow, deny or inherit.',
      '7: "multi\\nline@site.example" has a character that no address can have.',
      "9: until: there is nothing to end; an end goes with allow or deny.",
      '10: Cell 5, "x", is in no column.',
      '11: until: "2020-01-01" is in the past.',
      "12: The address is longer than 512 bytes.",
    ]);
    expect(result.check).toMatchObject({ id: undefined, lines: 11, bad: 9 });
    expect(await readdir(node.home.imports)).toEqual(before);
  });

  it.each([
    ["", "file: The file is empty."],
    ["address,pop3\n", "file: The file is empty."],
    [
      "address,pop4\na@b.c,deny\n",
      '1: There is no column "pop4". Known: address, imap, pop3, until, reason.',
    ],
    ["anna@site.example,deny\n", '1: There is no column "anna@site.example"'],
    ["address,imap,imap\n", "1: The column imap is there twice."],
    ["name,imap\n", '1: There is no column "address".'],
    ['address,imap\nnoat,deny\n"a,deny\nb,deny\n', "3: A quote is opened here and never closed."],
    [
      Buffer.from("address,imap\nzo\xeb@site.example,deny\n", "latin1"),
      "2: It has a character that is not UTF-8.",
    ],
  ])("%j: %s", async (text, sentence) => {
    const result = await prepared(text);
    expect(sentences(result).join("\n")).toContain(sentence);
    expect(result.check.id).toBeUndefined();
  });

  it("is not read on where a quote was left open far above", async () => {
    const result = await prepared(`address,imap\nnoat,deny\n"a,${"b,deny\n".repeat(30_000)}`);
    expect(sentences(result)).toEqual([expect.stringContaining("3: It is longer than 128,000 characters")]);
  });

  it.each([
    ["{", "file: The file is not JSON"],
    ["{}", "file: The file is no list"],
    ["[]", "file: The file is empty."],
    ['[{"address": "noat", "pop3": "deny"}, 7]', "2: It is no object."],
    ['[{"address": "noat", "pop3": true}]', '1: "pop3" holds no text.'],
    ['[{"address": "noat", "pop3": "deny", "domain": "x"}]', '1: There is no column "domain".'],
  ])("as JSON, %s: %s", async (text, sentence) => {
    const result = await prepared(text, "json");
    expect(sentences(result).join("\n")).toContain(sentence);
    expect(result.check.id).toBeUndefined();
  });
});
