import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SORTS } from "@/lib/core/access/filter";
import { filterOf, type ListQuery, listQuery } from "@/lib/core/access/list-query";

const parametersOf = (search: string) => Object.fromEntries(new URLSearchParams(search));
const optional = <T>(...values: T[]) => fc.constantFrom(undefined, ...values);
const address = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .filter((text) => text.trim() === text);

const queries: fc.Arbitrary<ListQuery> = fc.record({
  q: fc.constantFrom("", "anna", "a b", "%41&x=1", "zoë"),
  domain: optional("site.example", "", "a&b"),
  imap: optional("allow" as const, "deny" as const),
  pop3: optional("allow" as const, "deny" as const),
  override: optional("any" as const, "none" as const),
  suspended: optional("yes" as const, "no" as const),
  differs: optional("yes" as const),
  ending: optional(1, 7, 3660),
  proof: optional("differs" as const),
  note: optional("yes" as const, "no" as const),
  vanished: optional("yes" as const, "all" as const),
  sort: fc.constantFrom(...SORTS),
  after: fc.option(address, { nil: undefined }),
  before: fc.constant(undefined),
  limit: fc.integer({ min: 1, max: 200 }),
});

describe("the list's address", () => {
  it("holds a query whole: what is written is read", () => {
    fc.assert(
      fc.property(queries, (query) => {
        const read = listQuery.parse(parametersOf(listQuery.search(query)));
        expect(read).toMatchObject({ ok: true, isCanonical: true });
        // What isn't given is not a key, here and there.
        if (read.ok)
          expect(JSON.parse(JSON.stringify(read.query))).toEqual(JSON.parse(JSON.stringify(query)));
      }),
    );
  });

  it("says nothing of what says nothing", () => {
    const read = listQuery.parse({ q: "", imap: "", sort: "domain", limit: "50", unknown: "x", count: "1" });
    expect(read).toMatchObject({ ok: true, isCanonical: false });
    if (read.ok) expect(listQuery.search(read.query)).toBe("");
    expect(listQuery.parse({ count: "1" })).toMatchObject({ isCanonical: true });
  });

  it("folds as Dovecot folds, and takes a domain with its @", () => {
    const read = listQuery.parse({ q: " ANNA@Bücher ", domain: "@SITE.Example" });
    expect(read).toMatchObject({ ok: true, query: { q: "anna@bücher", domain: "site.example" } });
    expect(listQuery.parse({ domain: "BÜCHER.example" })).toMatchObject({
      query: { domain: "bÜcher.example" },
    });
    expect(listQuery.parse({ domain: "@" })).toMatchObject({ query: { domain: "" } });
  });

  it("refuses the whole of it where a value can't be used, and keeps what was given", () => {
    expect(listQuery.parse({ pop3: "off", q: "anna", ending: "0" })).toEqual({
      ok: false,
      given: { pop3: "off", q: "anna", ending: "0" },
      problems: [
        { key: "pop3", message: 'pop3 = "off" can\'t be used. It is one of: allow, deny.' },
        { key: "ending", message: expect.stringContaining('ending = "0" can\'t be used. ') },
      ],
    });
    expect(listQuery.parse({ pop3: ["deny", "allow"] })).toMatchObject({ ok: true, query: { pop3: "deny" } });
  });

  it("chooses the same accounts on every page", () => {
    const query = { ...parsed({ q: "anna", sort: "-address", after: "x@y.example", limit: "10" }) };
    expect(listQuery.search(filterOf(query))).toBe("?q=anna");
  });
});

function parsed(parameters: Record<string, string>): ListQuery {
  const read = listQuery.parse(parameters);
  if (!read.ok) throw new Error(read.problems[0]?.message);
  return read.query;
}
