import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Anchor, anchorText, ChainReader, type Head, type Sealing } from "@/lib/core/audit/chain";
import { type AuditRow, canonical, readDetail, storable } from "@/lib/core/audit/entry";

const sealing = (key: string): Sealing => ({
  hash: (text) => createHash("sha256").update(text).digest("hex"),
  seal: (text) => createHmac("sha256", key).update(text).digest("hex"),
});
const OURS = sealing("ours");

type Facts = Omit<AuditRow, "number" | "previousHash" | "hash" | "seal">;

const facts: fc.Arbitrary<Facts> = fc.record({
  at: fc.integer({ min: 0, max: 4e12 }).map((ms) => new Date(ms).toISOString()),
  actor: fc.string(),
  origin: fc.constantFrom("page", "cli"),
  from: fc.string(),
  via: fc.string(),
  action: fc.string(),
  outcome: fc.string(),
  subject: fc.string(),
  detail: fc.string(),
});

/** Entries chained one after the other, as they are written. */
function chainOf(list: readonly Facts[], { hash, seal }: Sealing = OURS): AuditRow[] {
  const rows: AuditRow[] = [];
  for (const one of list) {
    const row = { ...one, number: rows.length + 1, previousHash: rows.at(-1)?.hash ?? "" };
    const own = hash(canonical(row));
    rows.push({ ...row, hash: own, seal: seal?.(own) ?? "" });
  }
  return rows;
}

function faultsOf(
  rows: readonly AuditRow[],
  { head, anchor, by = OURS }: { head?: Head | undefined; anchor?: Anchor; by?: Sealing } = {},
) {
  const reader = new ChainReader(by, anchor, head);
  return [...reader.begin(), ...rows.flatMap((row) => reader.next(row)), ...reader.end()];
}

function anchorAt({ number, hash, at }: AuditRow): Anchor {
  return { number, hash, at, seal: OURS.seal?.(anchorText({ number, hash, at })) ?? "" };
}

const some = fc.array(facts, { minLength: 2, maxLength: 12 }).map((list) => chainOf(list));
/** A chain and two different places in it. */
const places = some.chain((rows) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: rows.length - 1 }), { minLength: 2, maxLength: 2 })
    .map(([one = 0, other = 0]) => ({ rows, one, other })),
);
const FIELDS = [
  "at",
  "actor",
  "origin",
  "from",
  "via",
  "action",
  "outcome",
  "subject",
  "detail",
  "previousHash",
  "hash",
  "seal",
] as const satisfies (keyof AuditRow)[];

describe("a chain of entries", () => {
  it("is whole as it was written, from its beginning and from any anchor", () => {
    fc.assert(
      fc.property(places, ({ rows, one }) => {
        const head = rows.at(-1);
        expect(faultsOf(rows, { head })).toEqual([]);
        const anchor = rows[one];
        if (anchor) expect(faultsOf(rows.slice(one + 1), { head, anchor: anchorAt(anchor) })).toEqual([]);
      }),
    );
  });

  it("shows any change of any field, and where", () => {
    fc.assert(
      fc.property(places, fc.constantFrom(...FIELDS), fc.string(), ({ rows, one }, field, text) => {
        fc.pre(rows[one]?.[field] !== text);
        const changed = rows.map((row, index) => (index === one ? { ...row, [field]: text } : row));
        expect(faultsOf(changed).map(({ number }) => number)).toContain(one + 1);
      }),
    );
  });

  it("shows that any entry was removed, the newest by the head beside the database", () => {
    fc.assert(
      fc.property(places, ({ rows, one }) => {
        const found = faultsOf(rows.toSpliced(one, 1), { head: rows.at(-1) });
        expect(found.some(({ sentence }) => sentence.includes(`Entry ${one + 1} is missing.`))).toBe(true);
      }),
    );
  });

  it("shows that entries changed places, with their numbers or without", () => {
    fc.assert(
      fc.property(places, ({ rows, one, other }) => {
        const swapped = rows.with(one, rows[other] as AuditRow).with(other, rows[one] as AuditRow);
        expect(faultsOf(swapped)).not.toEqual([]);
        const renumbered = swapped.map((row, index) => ({ ...row, number: index + 1 }));
        expect(faultsOf(renumbered)).not.toEqual([]);
      }),
    );
  });

  it("shows an entry put in between, also where the rest is numbered anew", () => {
    fc.assert(
      fc.property(places, facts, ({ rows, one }, put) => {
        const row = { ...put, number: one + 1, previousHash: rows[one - 1]?.hash ?? "" };
        const hash = OURS.hash(canonical(row));
        const forged: AuditRow = { ...row, hash, seal: sealing("theirs").seal?.(hash) ?? "" };
        const after = rows.slice(one).map((later) => ({ ...later, number: later.number + 1 }));
        expect(faultsOf([...rows.slice(0, one), forged, ...after])).not.toEqual([]);
      }),
    );
  });

  it("shows that all of it was written anew by somebody without the key, and hides nothing without seals either", () => {
    fc.assert(
      fc.property(places, ({ rows, one }) => {
        const changed = rows.map((row, index) =>
          index === one ? { ...row, detail: `${row.detail}!` } : row,
        );
        const anew = chainOf(changed, sealing("theirs"));
        expect(faultsOf(anew).map(({ kind }) => kind)).toContain("seal");
        const noKey = { ...OURS, seal: undefined };
        expect(faultsOf(anew, { head: rows.at(-1), by: noKey }).map(({ kind }) => kind)).toEqual(["end"]);
      }),
    );
  });

  it("shows an end that was cut off and grew again", () => {
    fc.assert(
      fc.property(places, fc.array(facts, { maxLength: 20 }), ({ rows, one }, later) => {
        const grown = chainOf([...rows.slice(0, one), ...later]);
        fc.pre(grown[rows.length - 1]?.hash !== rows.at(-1)?.hash);
        expect(faultsOf(grown, { head: rows.at(-1) }).map(({ kind }) => kind)).toEqual(["end"]);
      }),
    );
  });

  it("shows a beginning that was removed under an anchor of somebody else", () => {
    const rows = chainOf([{}, {}, {}] as Facts[]);
    const forged = { ...anchorAt(rows[1] as AuditRow), seal: "forged" };
    expect(faultsOf(rows.slice(2), { anchor: forged })).toEqual([
      expect.objectContaining({ kind: "anchor", number: 2 }),
    ]);
    expect(faultsOf(rows.slice(2))).toEqual([
      { kind: "missing", number: 1, sentence: "Entries 1 to 2 are missing." },
    ]);
  });
});

describe("an entry", () => {
  it("is hashed as no other one", () => {
    fc.assert(
      fc.property(facts, facts, (one, other) => {
        const isSame = Object.entries(one).every(([key, value]) => other[key as keyof Facts] === value);
        const text = (entry: Facts) => canonical({ ...entry, number: 1, previousHash: "" });
        expect(text(one) === text(other)).toBe(isSame);
      }),
    );
  });

  it("keeps the order and spelling that its hash is of", () => {
    const [row] = chainOf([
      {
        at: "2026-11-25T18:00:00.000Z",
        actor: "anna",
        origin: "page",
        from: "192.0.2.7",
        via: "",
        action: "mailserver.save",
        outcome: "saved",
        subject: "revision 2",
        detail: '{"sentences":["POP3 off"]}',
      },
    ]);
    expect(canonical(row as AuditRow)).toBe(
      '["portcullis-audit/1",1,"2026-11-25T18:00:00.000Z","anna","page","192.0.2.7","","mailserver.save","saved","revision 2","{\\"sentences\\":[\\"POP3 off\\"]}",""]',
    );
    expect(row?.hash).toBe("7f461b10331781e7e660ebf30befacb7e3cf35943a2612fe244710c55fa59423");
  });

  it("holds only what comes back from a database", () => {
    expect(storable("a\0b\uD800c 😀", 100)).toBe("a\uFFFDb\uFFFDc 😀");
    expect(storable("ab😀", 3)).toBe("ab\uFFFD…");
    expect(readDetail('["POP3 off"]')).toEqual({ sentences: ["POP3 off"] });
    expect(readDetail("not JSON")).toEqual({ sentences: ["not JSON"] });
  });
});
