/** What `npm start` runs once everything is installed and built: the private Dovecot, the panel, and their end. */
import { join } from "node:path";
import type { SandboxPorts } from "@/lib/core/sandbox/config";
import { mendMap } from "@/lib/server/access/mend-map";
import { sealEarlier } from "@/lib/server/audit/seal-earlier";
import { upgradeDatabase } from "@/lib/server/backup/upgrade";
import { database } from "@/lib/server/database/client";
import { currentHome, type Home } from "@/lib/server/home";
import { startKeeper } from "@/lib/server/keeper/keeper";
import { settleProposals } from "@/lib/server/mailserver/proposals";
import { ensureFirstRevision, reconcile, recoverInterrupted } from "@/lib/server/mailserver/reconcile";
import { type MailNode, openNode } from "@/lib/server/node";
import { createAdministrator, hasOperators } from "@/lib/server/operators/operators";
import { setupToken } from "@/lib/server/operators/setup-token";
import { PORT_VARIABLES, sandboxPortKeys } from "@/lib/server/sandbox/ports";
import { plannedPorts, setUpSandbox } from "@/lib/server/sandbox/setup";
import { during, say, Unready } from "./prepare/say.mjs";
import { adoptedServer, requireNoneBefore } from "./serve/adopted";
import { mendBeforeStart, startDovecot } from "./serve/dovecot";
import { openHome } from "./serve/open-home";
import { nextServer, startPanel } from "./serve/panel";
import { portProblems } from "./serve/preflight";
import { reconciliationSentences } from "./serve/reconciled";
import { settleEarlierStart } from "./serve/running";
import { panelUrl, type ServeSettings, serveSettings } from "./serve/settings";
import { Supervisor } from "./serve/supervise";

/**
 * `dovecotRoot` is "" for the machine's own Dovecot, else the folder that its packages were unpacked into; `launcher` the
 * bundled bin/launcher.ts.
 */
export async function serve(root: string, dovecotRoot: string, launcher: string): Promise<void> {
  const settings = serveSettings(process.env);
  const home = currentHome();
  const url = panelUrl(settings);
  await openHome(home);
  await settleBefore(home);
  const adopted = await adoptedServer(home);
  if (!adopted) await requireNoneBefore(home);
  await requirePorts(settings, adopted ? undefined : await plannedPorts(home, process.env));

  const sandbox = adopted ? undefined : await setUpSandbox(home, dovecotRoot, process.env);
  const { applied, backup } = await upgradeDatabase(home, join(root, "prisma/migrations"));
  if (backup !== undefined) say("backup", `${backup}: the database as it was before its upgrade`);
  say(
    "database",
    applied.length > 0
      ? `${home.database}: ${applied.length} migration(s) applied`
      : `${home.database} is current`,
  );
  const sealed = await sealEarlier(database());
  if (sealed > 0) say("audit", `${sealed} entries from before it was chained are sealed as they were found`);
  await ensureFirstRevision(database());
  await settleProposals(database());
  await ensureAdministrator(settings);
  if (adopted) say("adopted Dovecot", `${adopted.version}, ${adopted.touched.path}`);
  if (sandbox)
    say("private Dovecot", sandbox.made ? "made, with sample domains, mailboxes and mail" : "as it was left");
  for (const note of sandbox?.notes ?? []) say("", note);

  const supervisor = new Supervisor(home, url);
  try {
    const node = await openNode();
    await startMail(node, home, supervisor);
    const keeper = startKeeper(node);
    supervisor.beforeEnd(() => keeper.stop());
    const panel = () =>
      startPanel({ root, server: nextServer, launcher, home, settings, url }, supervisor.watch);
    await during("panel", "starting", panel);
    supervisor.bringBack("panel", panel);
    await supervisor.unlessLeaving();
    await announce(url, home, node);
  } catch (error) {
    await supervisor.giveUp();
    throw error;
  }
}

async function settleBefore(home: Home): Promise<void> {
  const { runsAt, ended } = await settleEarlierStart(home);
  if (runsAt) {
    throw new Unready(
      `Portcullis already runs for ${home.folder}: ${runsAt.url} (pid ${runsAt.pid}).\nStop it with Ctrl-C where it runs, or set PORTCULLIS_HOME, PORT and the Dovecot ports for a second copy.`,
    );
  }
  for (const name of ended) say("tidied up", `${name} was left over from a start that died; it was ended`);
}

/** Mends what a crash left, starts Dovecot, and brings what is wanted into force. */
async function startMail(node: MailNode, home: Home, supervisor: Supervisor): Promise<void> {
  const interrupted = await recoverInterrupted(node);
  if (interrupted) {
    say(
      "recovery",
      `a change to revision ${interrupted.revision} was cut off${interrupted.wentBack ? " on its way back; the files before it are in place" : ""}`,
    );
  }
  const isOurs = node.kind === "sandbox";
  if (isOurs) for (const sentence of await mendBeforeStart(node)) say("recovery", sentence);
  // Before anybody can sign in: what was saved and not enforced yet, and a map that is missing.
  const map = await mendMap(node);
  if (map.rebuilt) say("access map", "made");
  else if (map.rows > 0) say("access map", `${map.rows} row(s) were not as wanted and were mended`);
  if (isOurs) {
    const log = join(home.folder, "dovecot.out");
    const { silent } = await during("private Dovecot", "starting", () =>
      startDovecot(node, log, supervisor.watch),
    );
    for (const sentence of silent) say("", sentence);
  } else if (!(await node.ports.isRunning())) {
    say("adopted Dovecot", "does not run; its own service starts it, the panel never does");
    return;
  }
  const reconciled = await reconcile(node, interrupted?.wentBack ? interrupted.revision : undefined);
  for (const sentence of reconciliationSentences(reconciled)) say("settings", sentence);
}

async function requirePorts(settings: ServeSettings, ports: SandboxPorts | undefined): Promise<void> {
  const problems = await portProblems([
    { what: "the panel", variable: "PORT", host: settings.PORTCULLIS_HOST, port: settings.PORT },
    ...(ports
      ? sandboxPortKeys.map((key) => ({
          what: `the private Dovecot's ${key.toUpperCase()}`,
          variable: PORT_VARIABLES[key],
          host: "127.0.0.1",
          port: ports[key],
        }))
      : []),
  ]);
  if (problems.length > 0) throw new Unready(problems.join("\n"));
}

async function ensureAdministrator({
  PORTCULLIS_ADMIN_EMAIL: email,
  PORTCULLIS_ADMIN_PASSWORD: password,
}: ServeSettings) {
  if (!email || !password || (await hasOperators(database()))) return;
  await createAdministrator(
    database(),
    { email, password, name: email },
    { name: "PORTCULLIS_ADMIN_EMAIL", origin: "start" },
  );
  say("administrator", `${email} was made`);
}

async function announce(url: string, home: Home, node: MailNode): Promise<void> {
  const lines = ["", `Portcullis is ready: ${url}`];
  if (!(await hasOperators(node.db))) {
    lines.push(
      `First visit: ${url}/setup?token=${await setupToken(home)}`,
      "(the link makes the first administrator, once)",
    );
  }
  if (node.kind === "sandbox")
    lines.push(
      "Sample mailboxes and their passwords: bin/portcullis sandbox accounts",
      "Ctrl-C ends it all.",
      "",
    );
  else lines.push("Ctrl-C ends the panel; the mail server goes on.", "");
  process.stdout.write(`${lines.join("\n")}\n`);
}
