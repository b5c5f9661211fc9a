import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chainOf } from "@/lib/core/access/chain";
import { decide, type Layers } from "@/lib/core/access/decide";
import { type MapRow, policyRow, suspensionRows } from "@/lib/core/access/map-rows";
import {
  mayLift,
  type Policy,
  PROTOCOLS,
  type Protocol,
  RANKS,
  type Suspension,
} from "@/lib/core/access/rules";
import { LEVELS, type Level, subjectsFor } from "@/lib/core/access/subject";

const NOW = 1_800_000_000;
const ADDRESS = "anna@site.example";
const by = { actor: "anna", at: "2026-11-25T10:00:00Z", reason: "" };
const tell = (second: number) => `second ${second}`;

const until = fc.constantFrom(null, NOW - 1, NOW, NOW + 1, NOW + 86_400);
const policiesAt = fc
  .record({
    imap: fc.constantFrom("allow", "deny", undefined),
    pop3: fc.constantFrom("allow", "deny", undefined),
    until,
  })
  .map(({ until: end, ...states }) =>
    PROTOCOLS.flatMap((protocol): Policy[] => {
      const state = states[protocol];
      return state === undefined ? [] : [{ protocol, state, until: end, by }];
    }),
  );
let lastId = 0;
const suspension: fc.Arbitrary<Suspension> = fc
  .record({
    protocol: fc.constantFrom("imap", "pop3", "all" as const),
    rank: fc.constantFrom(...RANKS),
    until,
  })
  .map((one) => ({ ...one, id: ++lastId, reason: "", ticket: "", by }));
const suspensionsAt = fc.array(suspension, { maxLength: 2 });
const perLevel = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.record({ account: arbitrary, domain: arbitrary, server: arbitrary });
const layers: fc.Arbitrary<Layers> = fc.record({
  server: fc.record({ imap: fc.boolean(), pop3: fc.boolean() }),
  policies: perLevel(policiesAt),
  suspensions: perLevel(suspensionsAt),
});
const protocols = fc.constantFrom(...PROTOCOLS);

/** The daemon's own query (docs/dovecot-facts.md), said a second time: any live suspension denies, else the nearest policy. */
function mapSays(rows: readonly MapRow[], protocol: Protocol): "allow" | "deny" {
  const keys = subjectsFor(ADDRESS);
  const live = rows.filter(
    ({ k, proto, until: end }) =>
      keys.includes(k) && (proto === protocol || proto === "all") && (end === null || end > NOW),
  );
  if (live.some(({ kind }) => kind === 0)) return "deny";
  const [nearest] = live.toSorted((a, b) => keys.indexOf(a.k) - keys.indexOf(b.k));
  return nearest?.state === 0 ? "deny" : "allow";
}

function rowsOf({ policies, suspensions }: Layers): MapRow[] {
  const keys = subjectsFor(ADDRESS);
  return LEVELS.flatMap((level, index) => {
    const subject = keys[index] ?? "";
    return [
      ...policies[level].map((policy) => policyRow(subject, policy)),
      ...suspensionRows(subject, suspensions[level]),
    ];
  });
}

describe("what is effective for an account", () => {
  it("is what the formula says: on, not suspended, and the nearest policy allows", () => {
    fc.assert(
      fc.property(layers, protocols, (state, protocol) => {
        const alive = (rule: { until: number | null }) => rule.until === null || rule.until > NOW;
        const suspended = LEVELS.some((level) =>
          state.suspensions[level].some(
            (one) => alive(one) && (one.protocol === protocol || one.protocol === "all"),
          ),
        );
        const policies = LEVELS.map((level) =>
          state.policies[level].find((one) => alive(one) && one.protocol === protocol),
        );
        const nearest = policies.find((policy) => policy !== undefined)?.state ?? "allow";
        const expected = state.server[protocol] && !suspended ? nearest : "deny";
        expect(decide(protocol, state, NOW, tell).effective).toBe(expected);
      }),
    );
  });

  it("is what the daemon reads in the map, wherever the server has the protocol on", () => {
    fc.assert(
      fc.property(layers, protocols, (state, protocol) => {
        fc.pre(state.server[protocol]);
        expect(mapSays(rowsOf(state), protocol)).toBe(decide(protocol, state, NOW, tell).effective);
      }),
    );
  });

  it("comes with a sentence, and exactly one step of the chain that decides", () => {
    fc.assert(
      fc.property(layers, protocols, (state, protocol) => {
        const { effective, because, layer } = decide(protocol, state, NOW, tell);
        expect(because).toMatch(/\.$/);
        const deciding = chainOf(protocol, state, NOW, tell).filter(({ decides }) => decides);
        expect(deciding.map(({ says }) => (says === "nothing" ? "allow" : says))).toEqual([effective]);
        expect(deciding[0]?.layer).toBe(layer === "default" ? "server" : layer);
      }),
    );
  });

  it("is denied by any suspension, whatever is allowed below, and is as before when it is lifted", () => {
    fc.assert(
      fc.property(
        layers,
        protocols,
        fc.constantFrom(...LEVELS),
        suspension,
        (state, protocol, level, one) => {
          const added = { ...one, protocol, until: null };
          const suspended: Layers = {
            ...state,
            suspensions: { ...state.suspensions, [level]: [...state.suspensions[level], added] },
          };
          expect(decide(protocol, suspended, NOW, tell).effective).toBe("deny");
          const lifted: Layers = {
            ...suspended,
            suspensions: {
              ...suspended.suspensions,
              [level]: suspended.suspensions[level].filter(({ id }) => id !== added.id),
            },
          };
          expect(decide(protocol, lifted, NOW, tell)).toEqual(decide(protocol, state, NOW, tell));
        },
      ),
    );
  });

  it("is the same for one protocol whatever is changed of the other", () => {
    fc.assert(
      fc.property(layers, layers, protocols, (state, other, protocol) => {
        const mixed: Layers = {
          server: { ...other.server, [protocol]: state.server[protocol] },
          policies: onlyOf(protocol, state.policies, other.policies),
          suspensions: onlyOf(protocol, state.suspensions, other.suspensions),
        };
        expect(decide(protocol, mixed, NOW, tell)).toEqual(decide(protocol, state, NOW, tell));
      }),
    );
  });
});

/** One protocol's rules (and those of both) from the first, the other protocol's from the second. */
function onlyOf<T extends { protocol: Protocol | "all" }>(
  protocol: Protocol,
  mine: Readonly<Record<Level, readonly T[]>>,
  theirs: Readonly<Record<Level, readonly T[]>>,
): Record<Level, T[]> {
  const isMine = (rule: T) => rule.protocol === protocol || rule.protocol === "all";
  const pick = (level: Level) => [
    ...mine[level].filter(isMine),
    ...theirs[level].filter((rule) => !isMine(rule)),
  ];
  return { account: pick("account"), domain: pick("domain"), server: pick("server") };
}

describe("who may lift a suspension", () => {
  it("is anybody of its rank or above, and nobody below", () => {
    const may = RANKS.map((own) => RANKS.map((of) => mayLift(own, of)));
    expect(may).toEqual([
      [true, true, true],
      [false, true, true],
      [false, false, true],
    ]);
  });
});
