/** What `npm start` runs once everything is installed and built: the private Dovecot, the panel, and their end. */
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { database } from "@/lib/server/database/client";
import { migrate } from "@/lib/server/database/migrate";
import { currentHome, type Home } from "@/lib/server/home";
import {
  ensureFirstRevision,
  type Reconciliation,
  reconcile,
  recoverInterrupted,
} from "@/lib/server/mailserver/reconcile";
import { type MailNode, openNode } from "@/lib/server/node";
import { createAdministrator, hasOperators } from "@/lib/server/operators/operators";
import { setupToken } from "@/lib/server/operators/setup-token";
import { PORT_VARIABLES, sandboxPortKeys } from "@/lib/server/sandbox/ports";
import { type Sandbox, setUpSandbox } from "@/lib/server/sandbox/setup";
import { readIfThere, replaceFile } from "@/lib/system/files";
import { during, say, Unready } from "./prepare/say.mjs";
import { mendBeforeStart, startDovecot } from "./serve/dovecot";
import { startPanel } from "./serve/panel";
import { portProblems } from "./serve/preflight";
import { recordRunning, settleEarlierStart } from "./serve/running";
import { type ServeSettings, serveSettings } from "./serve/settings";
import { superviseUntilTheEnd } from "./serve/supervise";

/** `dovecotRoot` is "" for the machine's own Dovecot, else the folder that its packages were unpacked into. */
export async function serve(root: string, dovecotRoot: string): Promise<void> {
  const settings = serveSettings(process.env);
  const home = currentHome();
  const url = `http://${settings.PORTCULLIS_HOST === "0.0.0.0" ? "127.0.0.1" : settings.PORTCULLIS_HOST}:${settings.PORT}`;
  await openHome(home);
  const earlier = await settleEarlierStart(home);
  if (earlier.runsAt) {
    throw new Unready(
      `Portcullis already runs for ${home.folder}: ${earlier.runsAt.url} (pid ${earlier.runsAt.pid}).\nStop it with Ctrl-C where it runs, or set PORTCULLIS_HOME, PORT and the Dovecot ports for a second copy.`,
    );
  }
  for (const name of earlier.ended)
    say("tidied up", `${name} was left over from a start that died; it was ended`);

  const sandbox = await setUpSandbox(home, dovecotRoot, process.env);
  await requirePorts(settings, sandbox);
  const applied = await migrate(home.database, join(root, "prisma/migrations"));
  say(
    "database",
    applied.length > 0
      ? `${home.database}: ${applied.length} migration(s) applied`
      : `${home.database} is current`,
  );
  await ensureFirstRevision(database());
  await ensureAdministrator(settings);

  const node = await openNode();
  say("private Dovecot", sandbox.made ? "made, with sample domains, mailboxes and mail" : "as it was left");
  for (const note of sandbox.notes) say("", note);
  const interrupted = await recoverInterrupted(node);
  if (interrupted)
    say(
      "recovery",
      `a change to revision ${interrupted.revision} was cut off${interrupted.wentBack ? " on its way back; the files before it are in place" : ""}`,
    );
  for (const sentence of await mendBeforeStart(node)) say("recovery", sentence);

  const dovecot = await during("private Dovecot", "starting", () =>
    startDovecot(node, join(home.folder, "dovecot.out")),
  );
  await recordRunning(home, url, [dovecot]);
  const children = [dovecot];
  try {
    for (const sentence of reconciliationSentences(await reconcile(node))) say("settings", sentence);
    const panel = await during("panel", "starting", () => startPanel(root, home, settings, url));
    children.unshift(panel);
    await recordRunning(home, url, children);
    await announce(url, home, node);
    await superviseUntilTheEnd(home, children);
  } catch (error) {
    await superviseUntilTheEnd(home, children, { endNow: true });
    throw error;
  }
}

/** A folder of ours; others may pass through it (Dovecot runs as another user) and read nothing. */
async function openHome(home: Home): Promise<void> {
  await mkdir(home.folder, { recursive: true, mode: 0o711 });
  const entries = await readdir(home.folder);
  if (entries.length === 0 || entries.includes("secret")) await chmod(home.folder, 0o711);
  if ((await readIfThere(home.secret)) === undefined) {
    await replaceFile(home.secret, `${randomBytes(32).toString("hex")}\n`, 0o600);
  }
}

async function requirePorts(settings: ServeSettings, { ports }: Sandbox): Promise<void> {
  const problems = await portProblems([
    { what: "the panel", variable: "PORT", host: settings.PORTCULLIS_HOST, port: settings.PORT },
    ...sandboxPortKeys.map((key) => ({
      what: `the private Dovecot's ${key.toUpperCase()}`,
      variable: PORT_VARIABLES[key],
      host: "127.0.0.1",
      port: ports[key],
    })),
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

function reconciliationSentences(reconciliation: Reconciliation): string[] {
  switch (reconciliation.kind) {
    case "edited":
      return [
        "the generated file was edited by hand since it was last applied; the page shows it, nothing was overwritten",
      ];
    case "left":
      return [
        `revision ${reconciliation.revision} is saved and not in force: it was rolled back when it was applied`,
      ];
    case "applied": {
      const { revision, outcome } = reconciliation.applied;
      return [
        outcome.kind === "applied" || outcome.kind === "unchanged"
          ? `revision ${revision} is in force`
          : `revision ${revision}: ${outcome.kind}`,
      ];
    }
  }
}

async function announce(url: string, home: Home, node: MailNode): Promise<void> {
  const lines = ["", `Portcullis is ready: ${url}`];
  if (!(await hasOperators(node.db))) {
    lines.push(
      `First visit: ${url}/setup?token=${await setupToken(home)}`,
      "(the link makes the first administrator, once)",
    );
  }
  lines.push(
    "Sample mailboxes and their passwords: bin/portcullis sandbox accounts",
    "Ctrl-C ends it all.",
    "",
  );
  process.stdout.write(`${lines.join("\n")}\n`);
}
