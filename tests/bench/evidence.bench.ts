import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { NO_FILTER } from "@/lib/core/access/filter";
import { sessionQuery } from "@/lib/core/sessions/query";
import { countAccounts } from "@/lib/server/accounts/query/count";
import { accountsPage } from "@/lib/server/accounts/query/page";
import { type Database, openDatabase } from "@/lib/server/database/client";
import { homeAt } from "@/lib/server/home";
import { type MailNode, nodeAt } from "@/lib/server/node";
import { listSessions } from "@/lib/server/sessions/list";
import { SignInCollector } from "@/lib/server/use/collect";
import { protocolImpact } from "@/lib/server/use/impact";
import { tlsImpact } from "@/lib/server/use/tls-impact";
import { fileLog } from "@/lib/system/logs/file-tail";
import { DOVECOTS } from "../support/dovecot-versions";
import { withImap } from "../support/mail-clients";
import { type RunningPanel, startPanel } from "../support/panel";
import { save, startSandbox } from "../support/sandbox";
import { wireLogin } from "../support/wire-login";
import { addresses, BIG, LARGE } from "./access/seed";
import { addAccounts } from "./access/seed-panel";
import { type BenchReport, type BenchRow, figure, figuresOf, repeated } from "./measure";
import { signedIn } from "./signed-in";

const LINES = 200_000;
const SESSIONS = 10_000;
/** Each takes a process of Dovecot's. */
const REAL_SESSIONS = 500;
const LOGINS = 200;

/** What collecting costs, and what pages and questions cost when there is much to tell. */
export default async function evidence(): Promise<BenchReport> {
  const rows = await step("logins", () => loginRows());
  const panel = await startPanel();
  const home = homeAt(panel.home);
  const db = openDatabase(home.database);
  await step("a million accounts", () => seed(db));
  const node = await nodeAt(home, db);
  rows.push(...(await step("a log taken in", () => ingestRows(node))));
  rows.push(...(await step("questions", () => questionRows(node))));
  rows.push(...(await step("pages", () => pageRows(panel))));
  rows.push(...(await step("sessions", () => sessionRows(node, panel))));
  await db.$disconnect();
  await panel.remove();
  return {
    title: "Evidence: collecting sign-ins, and telling of 1,000,000 accounts",
    rows,
    notes: [
      `Sign-ins: ${LINES.toLocaleString("en")} lines of ${(LINES / 4).toLocaleString("en")} accounts, into tables that know all accounts already.`,
      `Sessions: ${SESSIONS.toLocaleString("en")} rows through the port that reads "who"; ${REAL_SESSIONS} real ones over HTTP.`,
      "A login with and without the longer line is a whole POP3 login on the loopback, one after the other.",
    ],
  };
}

/** It takes minutes: whoever waits sees how far it is. */
async function step<T>(what: string, action: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  process.stdout.write(`  ${what} … `);
  const result = await action();
  process.stdout.write(`${Math.round((performance.now() - begun) / 1000)} s\n`);
  return result;
}

async function loginRows(): Promise<BenchRow[]> {
  const dovecot = DOVECOTS.find(({ missing }) => !missing);
  if (!dovecot) throw new Error("The bench needs a Dovecot.");
  const sandbox = await startSandbox(dovecot);
  const { address: user, password } = sandbox.accounts[0] ?? { address: "", password: "" };
  const login = { protocol: "pop3", encryption: "tls", mechanism: "PLAIN", user, password } as const;
  const logins = async () =>
    figuresOf(await repeated(LOGINS, () => wireLogin({ ...login, port: sandbox.ports.pop3s }), 20));
  const withFacts = await logins();
  await save(sandbox, { log_sign_in_security: false });
  const without = await logins();
  const collector = new SignInCollector(sandbox.node);
  await collector.look();
  await repeated(50, () => wireLogin({ ...login, port: sandbox.ports.pop3s }));
  const looked = figuresOf(await repeated(1, () => collector.look()));
  await sandbox.remove();
  return [
    {
      what: "a login whose line has port and TLS",
      unit: "ms",
      ours: withFacts,
      floor: { what: "with Dovecot's own line", figures: without },
    },
    { what: "a look at the log after 50 logins", unit: "ms", ours: looked },
  ];
}

/** All accounts, and what the log has told of them: most use IMAP, some POP3, some neither, some without TLS. */
async function seed(db: Database): Promise<void> {
  await addAccounts(db, LARGE);
  const now = Math.floor(Date.now() / 1000);
  for (const [protocol, every] of [
    ["imap", 10],
    ["pop3", 3],
  ] as const)
    await db.$executeRaw`
      INSERT INTO "AccountUse" ("protocol", "address", "domain", "lastAt", "security", "tlsVersion", "webmailAt", "clientAt", "clearAt")
      SELECT ${protocol}, "address", "domain", ${now} - ("id" * 7919) % 8640000,
        CASE "id" % 20 WHEN 0 THEN 'cleartext' WHEN 1 THEN 'starttls' ELSE 'tls' END,
        CASE "id" % 20 WHEN 0 THEN '' WHEN 2 THEN 'TLSv1.2' ELSE 'TLSv1.3' END, NULL,
        ${now} - ("id" * 7919) % 8640000,
        CASE "id" % 20 WHEN 0 THEN ${now} - ("id" * 7919) % 8640000 END
      FROM "Account" WHERE "id" % 10 < ${every} ORDER BY "address"`;
  const today = Math.floor(now / 86_400);
  for (let day = today - 2; day <= today; day++)
    await db.$executeRaw`
      INSERT INTO "UseDay" ("day", "protocol", "address", "count", "tls", "starttls", "encrypted", "local", "cleartext", "webmail")
      SELECT ${day}, 'imap', "address", 5, 5, 0, 0, 0, 0, 0 FROM "Account" WHERE "id" % 2 = 0 ORDER BY "address"`;
  for (let hour = Math.floor(now / 3600) - 24 * 31; hour <= Math.floor(now / 3600); hour++)
    await db.$executeRaw`
      INSERT OR IGNORE INTO "UseHour" VALUES (${hour}, 'imap', 5000, 5000, 0, 0, 0, 0, 0)`;
  await db.useSource.upsert({
    where: { node: "local" },
    create: { node: "local", source: "", position: "", since: now - 8_640_000, readAt: now, trouble: "" },
    update: { since: now - 8_640_000 },
  });
}

async function ingestRows(node: MailNode): Promise<BenchRow[]> {
  const log = join(node.home.folder, "bench.log");
  writeFileSync(log, "");
  // Another node's: the panel's own collector is at work meanwhile.
  const other: MailNode = { ...node, name: "bench" as "local" };
  const collector = new SignInCollector(other, async () => fileLog(log));
  await collector.look();
  let text = "";
  let index = 0;
  for (const address of addresses({ ...LARGE, accounts: LINES / 4 + LARGE.inBig })) {
    if (address.endsWith(`@${BIG}`)) continue;
    for (let time = 0; time < 4; time++) {
      const at = new Date(Date.now() - (index % 3600) * 1000).toISOString();
      text += `${at} imap-login: Info: Login: user=<${address}>, method=PLAIN, rip=192.0.2.${index % 250}, lip=192.0.2.1, mpid=${index}, TLS, lport=993, tls=TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits), session=<${index}AAAA>\n`;
      index++;
    }
    if (text.length > 4_000_000) {
      appendFileSync(log, text);
      text = "";
    }
  }
  appendFileSync(log, text);
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await collector.look();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return [
    { what: "sign-ins taken in", unit: "per second", ours: figure(Math.round(index / seconds)) },
    {
      what: "processor time of the collector for a sign-in",
      unit: "ms",
      ours: figure((user + system) / 1000 / index),
    },
  ];
}

async function questionRows(node: MailNode): Promise<BenchRow[]> {
  const page = async (filter: Partial<typeof NO_FILTER>) =>
    await accountsPage(node, { filter: { ...NO_FILTER, ...filter }, sort: "domain", limit: 50 });
  const timed = async (what: string, action: () => unknown, times = 15): Promise<BenchRow> => ({
    what,
    unit: "ms",
    ours: figuresOf(await repeated(times, action, 2)),
  });
  const change = { label: "", need: "reload", sentence: "" } as const;
  return [
    await timed("list: POP3 not used for 90 days", () => page({ pop3: "allow", "pop3-unused": 90 })),
    await timed("list: POP3 used within a day", () => page({ "pop3-used": 1 })),
    await timed("list: without TLS within 30 days", () => page({ cleartext: 30 })),
    await timed("list: nothing but POP3", () => page({ only: "pop3" })),
    await timed("count, up to 10,000: POP3 not used for 90 days", () =>
      countAccounts(node, { ...NO_FILTER, "pop3-unused": 90 }),
    ),
    await timed("impact of closing POP3 for all", () => protocolImpact(node, "pop3"), 5),
    await timed(`impact of closing POP3 for ${BIG}`, () => protocolImpact(node, "pop3", { domain: BIG }), 5),
    await timed(
      "impact of TLS 1.3 as the least",
      () => tlsImpact(node, { ...change, key: "tls_min_protocol", from: "TLSv1.2", to: "TLSv1.3" }),
      5,
    ),
  ];
}

async function pageRows(panel: RunningPanel): Promise<BenchRow[]> {
  const get = await signedIn(panel);
  const row = async (what: string, path: string): Promise<BenchRow> => ({
    what,
    unit: "ms",
    ours: figuresOf(await repeated(40, () => get(path), 5)),
  });
  return [
    await row("page: Home", "/"),
    await row("page: Home, a month", "/?span=month"),
    await row("page: guide", "/guide"),
    await row("page: accounts, POP3 on and unused for 90 days", "/accounts?pop3=allow&pop3-unused=90"),
    await row("page: one account", `/accounts/${encodeURIComponent(`anna.0@${BIG}`)}`),
  ];
}

async function sessionRows(node: MailNode, panel: RunningPanel): Promise<BenchRow[]> {
  const names = [...addresses({ ...LARGE, accounts: LARGE.inBig + SESSIONS })].slice(-SESSIONS);
  const open = names.map((username, index) => ({
    username,
    protocol: "imap",
    pid: 1_000_000 + index,
    ip: "192.0.2.1",
  }));
  const query = sessionQuery.parse({ q: "anna" });
  if (!query.ok) throw new Error("The query of the bench can't be used.");
  const listed = await repeated(
    20,
    () => listSessions(node, query.query, 500, undefined, async () => open),
    2,
  );
  const get = await signedIn(panel);
  const accounts = await panel.accounts();
  await panel.cli(
    "mailserver",
    "set",
    "imap_max_connections=100",
    "mail_max_processes=1000",
    "--accept-warnings",
  );
  const path = "/sessions";
  const real = await withMany(
    REAL_SESSIONS,
    panel,
    accounts,
    async () => await repeated(20, () => get(path), 3),
  );
  return [
    {
      what: `sessions: ${SESSIONS.toLocaleString("en")} listed and filtered`,
      unit: "ms",
      ours: figuresOf(listed),
    },
    { what: `page: sessions, ${REAL_SESSIONS} of them real`, unit: "ms", ours: figuresOf(real) },
  ];
}

/** So many sessions at once, spread over the sample accounts. */
async function withMany<T>(
  count: number,
  panel: RunningPanel,
  accounts: readonly { address: string; password: string }[],
  use: () => Promise<T>,
): Promise<T> {
  if (count === 0) return await use();
  const account = accounts[count % accounts.length];
  if (!account) throw new Error("There are no sample accounts.");
  return await withImap({ port: panel.ports.imap, account, encryption: "none" }, () =>
    withMany(count - 1, panel, accounts, use),
  );
}
