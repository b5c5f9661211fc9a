import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mayDo, ROLES, type Role, type Scope } from "@/lib/core/operators/roles";
import { openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import { doors } from "../support/doors";
import { type BuiltAction, builtActions, sendAction, signInOverHttp } from "../support/http-actions";
import { setRole } from "../support/operator-accounts";
import { ADMIN, type RunningPanel, startPanel } from "../support/panel";

const MINE = "riverside.example";
const REFUSED = "Your role doesn't allow this.";

const PEOPLE: readonly { role: Role; scope: Scope }[] = ROLES.flatMap((role) => [
  { role, scope: null },
  { role, scope: [MINE] },
]);

/** Where whoever has no good session is sent. */
const SIGN_IN = expect.stringMatching(/^\/sign-in(?:;|$)/) as string;

/** Written without `defineAction`: the ways in, what belongs to whoever is signed in, and passkeys. */
const BY_THEMSELVES = [
  "accept",
  "addPasskey",
  "askNewPasskey",
  "askPasskey",
  "chooseTheme",
  "confirm",
  "confirmByPasskey",
  "giveCode",
  "reset",
  "setUp",
  "signIn",
  "signInByPasskey",
  "signOut",
];

/** What these pages and files are for needs no session. */
const OPEN = /^\/(?:sign-in|setup|invite|reset|client-setup|mail|autodiscover|api)(?:\/|$)/;

/** Every way in × who asks × what is wrong with his session, from the real lists: a new one is tried without being named here. */
describe("who gets past which door", { timeout: 180_000 }, () => {
  let panel: RunningPanel;
  let actions: BuiltAction[];
  /** Of a good session, of one that ended, of one that was signed out. */
  let good: string;
  let expired: string;
  beforeAll(async () => {
    panel = await startPanel();
    actions = builtActions();
    [good, expired] = await Promise.all([session(), session()]);
    await inDatabase((db) =>
      db.session.updateMany({
        where: { token: tokenIn(expired) },
        data: { expiresAt: new Date(Date.now() - 1000) },
      }),
    );
  });
  afterAll(async () => {
    await panel?.remove();
  });
  beforeEach(async () => await setRole(panel, ADMIN.email, "administrator", null));

  const session = async () => (await signInOverHttp(panel.url, ADMIN)).cookie;
  const tokenIn = (cookie: string) =>
    decodeURIComponent(/session_token=([^;]*)/.exec(cookie)?.[1] ?? "").split(".")[0] ?? "";
  const defined = () => actions.filter(({ permission }) => permission !== undefined);
  const send = (action: Pick<BuiltAction, "id" | "page">, sent: Parameters<typeof sendAction>[2]) =>
    sendAction(panel.url, action, sent);

  async function inDatabase<T>(act: (db: ReturnType<typeof openDatabase>) => Promise<T>): Promise<T> {
    const db = openDatabase(homeAt(panel.home).database);
    try {
      return await act(db);
    } finally {
      await db.$disconnect();
    }
  }

  /** All that an action could change, but for the audit and what the keeper does by itself. */
  async function facts(): Promise<string> {
    return await inDatabase(async (db) =>
      JSON.stringify([
        await db.revision.count(),
        await db.proposal.findMany(),
        await db.freezeWindow.findMany(),
        await db.policy.findMany(),
        await db.suspension.findMany(),
        await db.note.findMany(),
        await db.job.findMany({ select: { id: true, state: true } }),
        await db.apiToken.findMany(),
        await db.user.findMany({
          select: { email: true, role: true, scope: true, name: true, banned: true },
        }),
        await db.credential.findMany(),
        await db.operatorLink.findMany(),
        await db.session.count({ where: { expiresAt: { gt: new Date() } } }),
      ]),
    );
  }

  it("knows the actions of the build, each with its permission or by name", () => {
    expect(defined().length).toBeGreaterThan(40);
    expect(
      actions.flatMap(({ permission, name }) => (permission === undefined ? [name] : [])).toSorted(),
    ).toEqual(BY_THEMSELVES);
  });

  it("no action without a session, with one that ended or with one that somebody made up", async () => {
    const before = await facts();
    const forged = good.replace(/session_token=[^;]*/, "session_token=AAAA.AAAA");
    for (const cookie of [undefined, expired, forged])
      for (const action of defined()) {
        const { to } = await send(action, cookie === undefined ? {} : { cookie });
        expect([action.name, to]).toEqual([action.name, SIGN_IN]);
      }
    expect(await facts()).toBe(before);
  });

  it.each(PEOPLE)(
    "actions of a $role for $scope: refused where the table says so",
    async ({ role, scope }) => {
      const before = await facts();
      await setRole(panel, ADMIN.email, role, scope);
      for (const action of defined()) {
        const { permission } = action;
        if (permission === undefined || mayDo(role, scope, permission)) continue;
        const { status, body } = await send(action, { cookie: good });
        expect([action.name, status, body.includes(REFUSED)]).toEqual([action.name, 200, true]);
        // Sent to a page that he may see.
        const elsewhere = await send({ ...action, page: "/me" }, { cookie: good });
        expect(elsewhere.body.includes(REFUSED) || elsewhere.status === 404, action.name).toBe(true);
      }
      await setRole(panel, ADMIN.email, "administrator", null);
      expect(await facts()).toBe(before);
    },
  );

  it("the same are let through where it doesn't: what is wrong then is the empty form", async () => {
    for (const action of defined().filter(({ file }) =>
      /access-actions|note-actions|timetable|jobs/.test(file),
    )) {
      const { body } = await send(action, { cookie: good });
      expect([action.name, body.includes('"status":"invalid"')]).toEqual([action.name, true]);
    }
  });

  it("no action that another site's page sent, whatever it says of itself", async () => {
    const before = await facts();
    const elsewhere: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: `${panel.url}.evil.example` },
      { origin: panel.url, "sec-fetch-site": "cross-site" },
      { origin: panel.url, "sec-fetch-site": "same-site" },
      {},
    ];
    for (const headers of elsewhere)
      for (const action of actions) {
        const { status, body } = await send(action, { cookie: good, headers });
        expect([action.name, headers, status]).toEqual([action.name, headers, 403]);
        expect(body).toBe("This came from another site, so nothing was done. Open the panel itself.\n");
      }
    expect(await facts()).toBe(before);
  });

  it("a role that needs a second factor opens nothing without one", async () => {
    const cookie = await session();
    expect((await panel.cli("panel", "set", "operators.secondFactorAdministrator=on")).code).toBe(0);
    const before = await facts();
    for (const action of defined()) {
      const { to, body } = await send(action, { cookie });
      if (action.beforeSecondFactor) expect(body, action.name).not.toContain(REFUSED);
      else expect([action.name, to]).toEqual([action.name, SIGN_IN]);
    }
    // Who is to set one up confirms first that it is he.
    await requireClosed(cookie, ["/confirm"]);
    const after = await facts();
    await panel.cli("panel", "set", "operators.secondFactorAdministrator=off");
    expect(after).toBe(before);
  });

  it("a session that ended opens no page and no file", async () => {
    await requireClosed(expired);
  });

  async function requireClosed(cookie: string, but: string[] = []): Promise<void> {
    for (const { route } of doors().filter((door) => !OPEN.test(door.route) && !but.includes(door.route))) {
      const response = await fetch(panel.url + route, { headers: { cookie }, redirect: "manual" });
      const body = await response.text();
      const to = response.headers.get("location") ?? "";
      const isClosed =
        response.status === 401 || to.includes("/sign-in") || body.includes("NEXT_REDIRECT;replace;/sign-in");
      expect([route, isClosed]).toEqual([route, true]);
      expect(body).not.toMatch(/Protocols Enabled|anna@riverside|What decides/);
    }
  }

  describe("an action that was overheard or made up", () => {
    const theme = () => actions.find(({ name }) => name === "addNote")!;
    const note = { subject: "anna@riverside.example", text: "replayed", ticket: "" };
    const notes = async () => await inDatabase((db) => db.note.count());

    it("is nothing under an id that isn't known, or on a page that hasn't it", async () => {
      const before = await facts();
      for (const id of [
        "7f".padEnd(42, "0"),
        "__proto__",
        "constructor",
        "../../etc/passwd",
        "x".repeat(5000),
      ]) {
        const { status, body } = await send({ id, page: "/accounts" }, { cookie: good });
        expect([id.slice(0, 20), [400, 404, 409].includes(status)]).toEqual([id.slice(0, 20), true]);
        expect(body).not.toMatch(/node_modules|at \w+ \(/);
      }
      expect(await facts()).toBe(before);
    });

    it("nor as a form without JavaScript, with whatever is bound to it", async () => {
      const before = await facts();
      await setRole(panel, ADMIN.email, "reviewer", null);
      for (const action of defined().filter(
        ({ permission }) => permission && !mayDo("reviewer", null, permission),
      ))
        for (const bound of ['[{"status":"done","at":9}]', '["$@0"]', "[]", '{"__proto__":1}']) {
          const form = new FormData();
          form.append("$ACTION_REF_1", "");
          form.append("$ACTION_1:0", JSON.stringify({ id: action.id, bound: "$@1" }));
          form.append("$ACTION_1:1", bound);
          form.append("$ACTION_KEY", "k1");
          const response = await fetch(`${panel.url}/accounts`, {
            method: "POST",
            body: form,
            redirect: "manual",
            headers: { origin: panel.url, cookie: good },
          });
          expect([action.name, await response.text()]).not.toEqual([
            action.name,
            expect.stringMatching(/node_modules|at \w+ \(/),
          ]);
        }
      await setRole(panel, ADMIN.email, "administrator", null);
      expect(await facts()).toBe(before);
    });

    it("takes what is bound to it for nothing but what it is: the state before", async () => {
      const before = await notes();
      for (const state of [
        '{"__proto__":{"role":"administrator"}}',
        '["$F1"]',
        '"$B1"',
        '"$@9"',
        "{",
        '"$T"',
        '"$ACTION_0"',
      ]) {
        const form = new FormData();
        for (const [name, value] of Object.entries({ subject: note.subject, text: "", ticket: "" }))
          form.append(`_1_${name}`, value);
        form.append("0", `[${state},"$K1"]`);
        const response = await fetch(panel.url + theme().page, {
          method: "POST",
          body: form,
          headers: { "next-action": theme().id, origin: panel.url, cookie: good },
        });
        const body = await response.text();
        // Read as nothing, or refused as unreadable: never an answer with what was bound.
        expect([state, response.status < 400 || response.status === 500 || response.status === 400]).toEqual([
          state,
          true,
        ]);
        expect(body).not.toMatch(/node_modules|at \w+ \(/);
      }
      expect(await notes()).toBe(before);
      expect(({} as { role?: string }).role).toBeUndefined();
    });

    it("does nothing a second time after the sign-out, or when the role is another", async () => {
      const cookie = await session();
      const before = await notes();
      const replay = () => send(theme(), { cookie, fields: note });
      expect((await replay()).body).toContain('"problem":""');
      expect(await notes()).toBe(before + 1);
      await setRole(panel, ADMIN.email, "operator", ["harbour.example"]);
      expect((await replay()).body).toContain("There is no such account or domain.");
      await setRole(panel, ADMIN.email, "administrator", null);
      const signOut = actions.find(({ name }) => name === "signOut")!;
      expect((await send(signOut, { cookie })).to).toContain("/sign-in");
      expect((await replay()).to).toEqual(SIGN_IN);
      expect((await fetch(`${panel.url}/me`, { headers: { cookie }, redirect: "manual" })).status).toBe(307);
      expect(await notes()).toBe(before + 1);
    });
  });
});
