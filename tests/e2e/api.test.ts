import { createClient } from "@libsql/client";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AnyRoute } from "@/lib/core/api/route";
import { type RouteId, routeIds, routes } from "@/lib/core/api/routes";
import { mayDo } from "@/lib/core/operators/roles";
import { apiOf, openApi } from "../support/api";
import { type RunningPanel, startPanel } from "../support/panel";

const ANNA = "/accounts/anna%40riverside.example";
const BEN = "/accounts/ben%40riverside.example";

/** A body that is right for each route that takes one. */
const BODIES: Partial<Record<RouteId, unknown>> = {
  planMailserver: { settings: { pop3: false } },
  setMailserver: { settings: { pop3: false } },
  undoRevision: {},
  setDomain: { pop3: "deny" },
  suspendDomain: { reason: "unpaid" },
  resumeDomain: {},
  setAccount: { pop3: "deny" },
  suspendAccount: { reason: "unpaid" },
  resumeAccount: {},
  previewBulk: { target: { filter: { domain: "riverside.example" } }, act: { kind: "resume" } },
  startBulk: { target: { filter: { domain: "riverside.example" } }, act: { kind: "resume" } },
  endSessions: { all: true },
  addAccountNote: { text: "Asked by phone", ticket: "7" },
  addDomainNote: { text: "Moves in spring" },
};

function example(id: RouteId, names: Record<string, string> = {}) {
  const route: AnyRoute = routes[id];
  const values: Record<string, string> = {
    address: "anna@riverside.example",
    domain: "riverside.example",
    number: "1",
    id: "none",
    ...names,
  };
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
  return {
    method: route.method,
    path: id === "showImpact" ? `${path}?protocol=pop3` : path,
    body: BODIES[id],
  };
}

describe("the HTTP API", () => {
  let panel: RunningPanel;
  const tokens: Record<
    "full" | "reader" | "scoped" | "reviewer" | "ours" | "revoked" | "over" | "busy" | "orphan",
    string
  > = {
    full: "",
    reader: "",
    scoped: "",
    reviewer: "",
    ours: "",
    revoked: "",
    over: "",
    busy: "",
    orphan: "",
  };
  const ask = apiOf(
    () => panel,
    () => tokens.full,
  );

  async function sql(statement: string, ...args: string[]): Promise<void> {
    const client = createClient({ url: `file:${panel.home}/portcullis.sqlite` });
    await client.execute("PRAGMA busy_timeout = 10000");
    await client.execute({ sql: statement, args });
    client.close();
  }

  async function make(name: keyof typeof tokens, ...options: string[]): Promise<string> {
    const { stdout, stderr } = await panel.cli("token", "make", name, "--json", ...options);
    expect(stderr).toBe("");
    const { token, id } = JSON.parse(stdout) as { token: string; id: string };
    tokens[name] = token;
    return id;
  }

  async function facts() {
    return [
      (await panel.cli("mailserver", "get", "--json")).stdout,
      (await panel.cli("changes", "list", "--json")).stdout,
      (await panel.cli("jobs", "list", "--json")).stdout,
    ];
  }

  beforeAll(async () => {
    panel = await startPanel();
    await make("full", "--write");
    await make("reader");
    await make("scoped", "--write", "--domain", "harbour.example");
    await make("reviewer", "--write", "--role", "reviewer");
    await make("ours", "--write", "--role", "reviewer", "--domain", "riverside.example");
    await make("busy");
    await make("orphan");
    const revoked = await make("revoked", "--write");
    expect(await panel.cli("token", "revoke", revoked)).toMatchObject({ code: 0 });
    const over = await make("over", "--write");
    await sql(`UPDATE "ApiToken" SET "expiresAt" = ? WHERE "id" = ?`, "2020-01-01T00:00:00.000+00:00", over);
  });
  afterAll(async () => {
    await panel?.remove();
  });

  it("is described by a valid OpenAPI 3.1 document, served to everybody", async () => {
    const response = await fetch(`${panel.url}/api/v1/openapi.json`);
    const served = (await response.json()) as Record<string, unknown>;
    expect(served).toEqual(openApi);
    const validator = new Validator();
    expect(await validator.validate(served)).toMatchObject({ valid: true });
    expect(validator.version).toBe("3.1");
  });

  describe("lets nobody in without a good token", () => {
    it.each(["none", "forged", "revoked", "over"] as const)("%s: every route answers 401", async (which) => {
      const before = await facts();
      const token = { none: "", forged: "pcl_AAAA", revoked: tokens.revoked, over: tokens.over }[which];
      for (const id of routeIds) {
        const { path, ...request } = example(id);
        const { status, body, headers } = await ask(path, { ...request, token });
        expect([id, status, body.status]).toEqual([id, 401, 401]);
        expect(headers.get("www-authenticate")).toContain("Bearer");
      }
      expect(await facts()).toEqual(before);
    });

    it("a browser's session is none", async () => {
      const response = await fetch(`${panel.url}/api/v1/token`, {
        headers: { cookie: "portcullis.session_token=x" },
      });
      expect(response.status).toBe(401);
    });

    it("of a disabled owner, and one who may do less by now", async () => {
      expect((await ask("/token", { token: tokens.orphan })).body).toMatchObject({ role: "administrator" });
      await sql(`UPDATE "User" SET "role" = 'reviewer', "scope" = '["harbour.example"]'`);
      expect((await ask("/token", { token: tokens.full })).body).toMatchObject({
        role: "reviewer",
        domains: ["harbour.example"],
      });
      expect((await ask("/mailserver")).status).toBe(403);
      expect((await ask(ANNA)).status).toBe(404);
      await sql(`UPDATE "User" SET "role" = 'administrator', "scope" = NULL, "banned" = 1`);
      expect((await ask("/token")).status).toBe(401);
      await sql(`UPDATE "User" SET "banned" = 0`);
      expect((await ask("/token")).status).toBe(200);
    });
  });

  it("a token that only reads, and one of a reviewer, change nothing by any route", async () => {
    const before = await facts();
    for (const token of [tokens.reader, tokens.reviewer])
      for (const id of routeIds.filter((one) => routes[one].changes)) {
        // A note changes nothing that is enforced: reviewers write them.
        if (token === tokens.reviewer && mayDo("reviewer", null, routes[id].permission)) continue;
        const { path, ...request } = example(id);
        const { status } = await ask(path, { ...request, token, headers: { "if-match": "*" } });
        expect([id, status]).toEqual([id, 403]);
      }
    expect(await facts()).toEqual(before);
  });

  it("what lies outside of a token's domains looks like what isn't there", async () => {
    const before = await facts();
    const named = routeIds.filter((id) => /\{(?:address|domain)\}/.test(routes[id].path));
    expect(named.length).toBeGreaterThanOrEqual(9);
    for (const id of named) {
      const there = example(id);
      const nowhere = example(id, { address: "nobody@nowhere.example", domain: "nowhere.example" });
      const headers = { "if-match": "*" };
      const seen = await ask(there.path, { ...there, token: tokens.scoped, headers });
      const unseen = await ask(nowhere.path, { ...nowhere, token: tokens.scoped, headers });
      expect([id, seen.status, seen.body]).toEqual([id, 404, unseen.body]);
    }
    const token = tokens.scoped;
    for (const path of [
      "/impact?protocol=pop3&domain=riverside.example",
      "/domains/*",
      `/impact?protocol=pop3&address=anna%40riverside.example`,
    ])
      expect((await ask(path, { token })).status).toBe(404);
    expect((await ask("/impact?protocol=pop3", { token })).status).toBe(403);
    for (const path of ["/status", "/mailserver", "/mailserver/history", "/mailserver/history/1"])
      expect((await ask(path, { token })).status).toBe(403);
    const listed = (await ask("/accounts", { token })).body.items as { domain: string }[];
    expect(new Set(listed.map(({ domain }) => domain))).toEqual(new Set(["harbour.example"]));
    expect((await ask("/domains", { token })).body.items).toHaveLength(1);
    expect((await ask("/impact?protocol=pop3&domain=harbour.example", { token })).status).toBe(200);
    const bulk = {
      target: { filter: {} },
      act: { kind: "policy", protocols: ["pop3"], state: "deny", until: null },
    };
    expect((await ask("/accounts/bulk/preview", { method: "POST", body: bulk, token })).body.accounts).toBe(
      listed.length,
    );
    expect(await facts()).toEqual(before);
  });

  it("answers every reading route as it is documented", async () => {
    for (const id of routeIds.filter(
      (one) => routes[one].method === "GET" && !/jobs\/\{id\}/.test(routes[one].path),
    )) {
      const { path, method } = example(id);
      expect([id, (await ask(path, { method })).status]).toEqual([id, 200]);
    }
    expect((await ask(`${ANNA}?proof=ask`)).body.imap.proof).toMatchObject({ seen: "allow", matches: true });
    expect((await ask("/jobs/none")).status).toBe(404);
  });

  it("a write says what it stands on: 428 without, 412 with the difference where somebody came between", async () => {
    const body = { pop3: "deny", reason: "ticket 7" };
    const read = await ask(ANNA);
    const etag = read.headers.get("etag") ?? "";
    expect(await ask(ANNA, { method: "PATCH", body })).toMatchObject({ status: 428, body: { etag } });
    const done = await ask(ANNA, { method: "PATCH", body, headers: { "if-match": etag } });
    expect(done).toMatchObject({ status: 200, body: { outcome: "changed", enforced: true } });
    expect(done.body.pop3).toMatchObject({
      effective: "deny",
      override: "deny",
      proof: { seen: "deny", matches: true },
    });
    const stale = await ask(ANNA, {
      method: "PATCH",
      body: { pop3: "allow" },
      headers: { "if-match": etag },
    });
    expect(stale).toMatchObject({ status: 412, body: { title: "Somebody changed it in between" } });
    expect(stale.body.difference.changes).toMatchObject([
      { change: done.body.change, reason: "ticket 7", origin: "api", before: null, after: { state: "deny" } },
    ]);
    expect(stale.body.etag).toBe(done.headers.get("etag"));
    expect((await ask(ANNA)).body.pop3.override).toBe("deny");
  });

  it("of two writes at once that stand on the same, one is done", async () => {
    const etag = (await ask(BEN)).headers.get("etag") ?? "";
    const write = (state: string) =>
      ask(BEN, { method: "PATCH", body: { pop3: state, proof: false }, headers: { "if-match": etag } });
    const answers = await Promise.all(["allow", "deny", "allow", "deny"].map(write));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412]);
  });

  it("suspends and resumes, an account and a domain", async () => {
    const post = async (path: string, of: string, body: unknown) =>
      await ask(path, {
        method: "POST",
        body,
        headers: { "if-match": (await ask(of)).headers.get("etag") ?? "" },
      });
    const suspended = await post(`${BEN}/suspend`, BEN, { reason: "unpaid", until: "+7d", ticket: "42" });
    expect(suspended.body.suspensions).toMatchObject([
      { protocol: "all", rank: "administrator", ticket: "42" },
    ]);
    expect(suspended.body.imap).toMatchObject({ effective: "deny", proof: { matches: true } });
    expect((await post(`${BEN}/resume`, BEN, {})).body).toMatchObject({
      suspensions: [],
      imap: { effective: "allow" },
    });
    const domain = "/domains/harbour.example";
    expect(
      (await post(`${domain}/suspend`, domain, { reason: "unpaid", protocol: "pop3" })).body.pop3.deny,
    ).toBeGreaterThan(0);
    expect((await post(`${domain}/resume`, domain, {})).body.suspensions).toEqual([]);
  });

  it("notes: written by a reviewer in scope, withdrawn by whoever wrote them or an administrator", async () => {
    const { ours } = tokens;
    const text = "Asked by phone.\n<b>He</b> keeps POP3 =1+1";
    const post = { method: "POST", body: { text, ticket: "OTRS-7" } };
    const written = await ask(`${BEN}/notes`, { ...post, token: ours });
    expect(written).toMatchObject({
      status: 200,
      body: { text, ticket: "OTRS-7", actor: "anna@panel.example" },
    });
    expect((await ask(`${BEN}/notes`)).body.items).toEqual([written.body]);
    expect((await ask("/accounts?note=yes")).body.items).toMatchObject([
      { address: "ben@riverside.example", annotations: [written.body] },
    ]);
    expect((await ask("/accounts?note=no")).body.items.length).toBeGreaterThan(1);
    expect((await ask("/accounts?note=perhaps")).status).toBe(422);
    expect((await ask("/domains/riverside.example/notes", post)).status).toBe(200);
    expect((await ask("/domains/riverside.example/notes")).body.items).toHaveLength(1);
    // Nothing stands beside everybody, beside what nobody knows, or outside of one's domains.
    for (const [path, token] of [
      ["/domains/*/notes", tokens.full],
      ["/accounts/nobody%40riverside.example/notes", tokens.full],
      [`${BEN}/notes`, tokens.scoped],
    ] as const) {
      expect((await ask(path, { ...post, token })).status).toBe(404);
      expect((await ask(path, { token })).status).toBe(404);
    }
    for (const body of [{ text: " " }, { text: "x".repeat(2001) }, { text: "a\u001b[2J" }, { ticket: "7" }])
      expect((await ask(`${BEN}/notes`, { method: "POST", body })).status).toBe(422);
    expect(
      await ask(`${BEN}/notes`, { method: "POST", body: { text, ticket: "x".repeat(65) } }),
    ).toMatchObject({ status: 422, body: { errors: [{ field: "ticket" }] } });
    const note = `${BEN}/notes/${written.body.id}`;
    // By its number alone no other account's, and none out of scope.
    for (const [path, token] of [
      [note, tokens.scoped],
      [note.replace("ben", "anna"), tokens.full],
    ] as const)
      expect((await ask(path, { method: "DELETE", token })).status).toBe(404);
    expect((await ask(note, { method: "DELETE", token: ours })).body).toEqual(written.body);
    expect((await ask(note, { method: "DELETE" })).status).toBe(404);
    const { stdout } = await panel.cli("audit", "list", "--action", "note.withdraw", "--json");
    expect(JSON.parse(stdout)).toMatchObject([
      { outcome: "done", subject: "ben@riverside.example", before: [text, "Ticket OTRS-7"] },
    ]);
  });

  it("changes the settings as one revision, in force when it answers; 412 tells both sides", async () => {
    const etag = (await ask("/mailserver")).headers.get("etag") ?? "";
    const headers = { "if-match": etag };
    expect(
      (await ask("/mailserver/plan", { method: "POST", body: { settings: { pop3: false } } })).body,
    ).toMatchObject({
      changes: [{ key: "pop3", to: false }],
      effect: { route: "stop" },
    });
    const off = await ask("/mailserver", {
      method: "PATCH",
      body: { settings: { pop3: false }, reason: "why" },
      headers,
    });
    expect(off).toMatchObject({
      status: 200,
      body: { outcome: "applied", saved: true, changes: [{ key: "pop3" }] },
    });
    expect((await panel.cli("verify")).code).toBe(0);
    const stale = await ask("/mailserver", { method: "PATCH", body: { settings: { imap: false } }, headers });
    expect(stale).toMatchObject({
      status: 412,
      body: { difference: { theirs: [{ key: "pop3", to: false }], yours: [{ key: "imap", to: false }] } },
    });
    const now = { "if-match": off.headers.get("etag") ?? "" };
    expect(
      await ask("/mailserver", { method: "PATCH", body: { settings: { imap: false } }, headers: now }),
    ).toMatchObject({
      status: 422,
      body: { result: { outcome: "needs-confirmation", authenticationOnly: true } },
    });
    expect(
      await ask("/mailserver", { method: "PATCH", body: { settings: { nothing: 1 } }, headers: now }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ field: "nothing" }] },
    });
    const undone = await ask(`/mailserver/history/${off.body.revision}/undo`, {
      method: "POST",
      body: {},
      headers: now,
    });
    expect(undone).toMatchObject({ status: 200, body: { outcome: "applied", undoes: off.body.revision } });
    const { body } = await ask(`/mailserver/history/${off.body.revision}`);
    expect(body).toMatchObject({
      reason: "why",
      origin: "api",
      undoneBy: undone.body.revision,
      settings: { pop3: false },
    });
  });

  it("does a request with an Idempotency-Key once", async () => {
    const body = {
      target: { addresses: ["chloe@harbour.example"] },
      act: { kind: "policy", protocols: ["pop3"], state: "deny", until: null },
    };
    const headers = { "idempotency-key": "once" };
    const first = await ask("/accounts/bulk", { method: "POST", body, headers });
    expect(first).toMatchObject({ status: 202, body: { state: "done" } });
    expect(first.headers.get("location")).toBe(`/api/v1/jobs/${first.body.id}`);
    const again = await ask("/accounts/bulk", { method: "POST", body, headers });
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    const other = await ask("/accounts/bulk", {
      method: "POST",
      body: { ...body, reason: "another" },
      headers,
    });
    expect(other).toMatchObject({ status: 422, body: { type: "/api/v1/docs#problem-key-reused" } });
    expect((await ask("/jobs")).body.items).toHaveLength(1);
    // A key is its token's: another's is another.
    expect(
      (await ask("/accounts/bulk", { method: "POST", body, headers, token: tokens.scoped })).body.id,
    ).not.toBe(first.body.id);
    // A refusal is not kept: what was wrong can be mended.
    const key = { "idempotency-key": "mended" };
    expect((await ask(ANNA, { method: "PATCH", body: { pop3: "inherit" }, headers: key })).status).toBe(428);
    const etag = (await ask(ANNA)).headers.get("etag") ?? "";
    const mended = { method: "PATCH", body: { pop3: "inherit" }, headers: { ...key, "if-match": etag } };
    expect((await ask(ANNA, mended)).status).toBe(200);
    expect((await ask(ANNA, mended)).headers.get("idempotency-replayed")).toBe("true");
  });

  it("a job of one who sees all isn't there for one who sees some", async () => {
    const jobs = (await ask("/jobs")).body.items as { id: string; scope: unknown }[];
    const whole = jobs.find(({ scope }) => scope === null);
    const path = `/jobs/${whole?.id}`;
    expect((await ask(path)).headers.get("etag")).toBe('"done"');
    expect((await ask(path, { token: tokens.scoped })).status).toBe(404);
    expect((await ask(`${path}/cancel`, { method: "POST" })).status).toBe(428);
    expect(
      (await ask(`${path}/cancel`, { method: "POST", headers: { "if-match": '"running"' } })).status,
    ).toBe(412);
    expect((await ask(`${path}/cancel`, { method: "POST", headers: { "if-match": '"done"' } })).status).toBe(
      409,
    );
  });

  it("a change that came to others as well tells nothing of them, and reading is written down", async () => {
    const target = { addresses: ["ben@riverside.example", "chloe@harbour.example"] };
    const act = { kind: "policy", protocols: ["imap"], state: "deny", until: null };
    const { body } = await ask("/accounts/bulk", { method: "POST", body: { target, act } });
    const changes = JSON.parse((await panel.cli("changes", "list", "--json")).stdout) as { id: number }[];
    expect(body.state).toBe("done");
    expect((await panel.cli("changes", "undo", String(changes[0]?.id))).code).toBe(0);
    const shown = await ask("/accounts/chloe%40harbour.example", { token: tokens.scoped });
    expect(shown.body.history[0]).toMatchObject({ sentence: "Part of a change of several." });
    expect(JSON.stringify(shown.body)).not.toContain("riverside");
    expect((await ask(BEN)).body.history[0].sentence).toContain("chloe@harbour.example");
    const read = await panel.cli("audit", "list", "--action", "account.read", "--json");
    expect(JSON.parse(read.stdout)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ origin: "api", via: "scoped", subject: "chloe@harbour.example" }),
      ]),
    );
  });

  it("pages through all accounts, jobs and revisions", async () => {
    for (const [path, key, limit] of [
      ["/accounts", "address", 2],
      ["/domains", "domain", 1],
      ["/jobs", "id", 1],
      ["/mailserver/history", "number", 1],
    ] as const) {
      const whole = (await ask(path)).body;
      expect(whole.next).toBeNull();
      const seen: unknown[] = [];
      for (let next: string | null = `${path}?limit=${limit}`; next !== null; ) {
        const { body, headers }: Awaited<ReturnType<typeof ask>> = await ask(next);
        expect(body.items.length).toBeLessThanOrEqual(limit);
        seen.push(...body.items.map((item: Record<string, unknown>) => item[key]));
        expect(headers.get("link")).toBe(body.next === null ? null : `<${body.next}>; rel="next"`);
        next = body.next === null ? null : String(body.next).replace("/api/v1", "");
      }
      expect(seen).toEqual(whole.items.map((item: Record<string, unknown>) => item[key]));
      expect(seen.length).toBeGreaterThan(1);
    }
  });

  it("refuses what it can't use, and says where", async () => {
    const patch = (body: unknown, headers = {}) =>
      ask(ANNA, { method: "PATCH", body, headers: { "if-match": "*", ...headers } });
    expect(await patch({ pop3: "perhaps" })).toMatchObject({
      status: 422,
      body: { errors: [{ field: "pop3" }] },
    });
    expect(await patch({ pop3: "deny", sudo: true })).toMatchObject({
      status: 422,
      body: { errors: [{ field: "sudo" }] },
    });
    expect(await patch({ pop3: "deny", until: "yesterday" })).toMatchObject({
      status: 422,
      body: { errors: [{ field: "until" }] },
    });
    expect((await patch("{", { "content-type": "application/json" })).status).toBe(400);
    expect((await patch("pop3=deny", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(
      415,
    );
    expect((await patch({ pop3: "deny", reason: "x".repeat(1_000_001) })).status).toBe(413);
    expect(await ask("/accounts?colour=red")).toMatchObject({
      status: 422,
      body: { errors: [{ field: "colour" }] },
    });
    expect((await ask("/accounts?limit=0")).status).toBe(422);
    expect((await ask("/accounts?q=a&q=b")).status).toBe(422);
    expect((await ask("/nothing")).status).toBe(404);
    const wrong = await ask(ANNA, { method: "DELETE" });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, PATCH"]);
  });

  it("counts requests, says how many are left, and answers 429 after the last", async () => {
    const first = await ask("/token", { token: tokens.busy });
    expect(first.headers.get("ratelimit-limit")).toBe("600");
    expect(Number(first.headers.get("ratelimit-remaining"))).toBe(599);
    let refused: Awaited<ReturnType<typeof ask>> | undefined;
    for (let round = 0; round < 60 && !refused; round++) {
      const answers = await Promise.all(
        Array.from({ length: 25 }, () => ask("/token", { token: tokens.busy })),
      );
      refused = answers.find(({ status }) => status === 429);
    }
    expect(refused?.body).toMatchObject({ status: 429, type: "/api/v1/docs#problem-rate-limited" });
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused?.headers.get("ratelimit-remaining")).toBe("0");
    // Another token has its own count.
    expect((await ask("/token")).status).toBe(200);
  });

  it("writes who did it into the history, and when a token was last used", async () => {
    const { stdout } = await panel.cli("token", "list", "--json");
    const listed = JSON.parse(stdout) as { name: string; lastUsedAt: string | null; state: string }[];
    const of = (name: string) => listed.find((one) => one.name === name);
    expect(of("full")?.lastUsedAt).not.toBeNull();
    expect(of("revoked")).toMatchObject({ lastUsedAt: null, state: "revoked" });
    expect(of("over")).toMatchObject({ lastUsedAt: null, state: "over" });
    expect(stdout).not.toContain(tokens.full);
    expect(panel.output()).not.toContain(tokens.full);
  });
});
