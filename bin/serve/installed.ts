import { join } from "node:path";
import { mendMap } from "@/lib/server/access/mend-map";
import { sealEarlier } from "@/lib/server/audit/seal-earlier";
import { upgradeDatabase } from "@/lib/server/backup/upgrade";
import { database } from "@/lib/server/database/client";
import { currentHome, type Home, hasServer } from "@/lib/server/home";
import { startKeeper } from "@/lib/server/keeper/keeper";
import { settleProposals } from "@/lib/server/mailserver/proposals";
import { ensureFirstRevision, reconcile, recoverInterrupted } from "@/lib/server/mailserver/reconcile";
import { openNode } from "@/lib/server/node";
import { hasOperators } from "@/lib/server/operators/operators";
import { say, Unready } from "../prepare/say.mjs";
import { adoptedServer } from "./adopted";
import { openHome } from "./open-home";
import { packagedServer, startPanel } from "./panel";
import { portProblems } from "./preflight";
import { reconciliationSentences } from "./reconciled";
import { settleEarlierStart } from "./running";
import { panelUrl, type ServeSettings, serveSettings } from "./settings";
import { Supervisor } from "./supervise";

/**
 * Runs the panel of a package beside a Dovecot that isn't its own: neither started nor ended here. Before a server was
 * adopted, the pages are there and the keeper isn't.
 */
export async function serveInstalled(root: string): Promise<void> {
  const settings = serveSettings(process.env);
  const home = currentHome();
  const url = panelUrl(settings);
  await openHome(home);
  await requireAlone(home, settings);
  await adoptedServer(home);
  const { applied, backup } = await upgradeDatabase(home, join(root, "prisma/migrations"));
  if (backup !== undefined) say("backup", `${backup}: the database as it was before its upgrade`);
  say("database", applied.length > 0 ? `${applied.length} migration(s) applied` : "is current");
  await sealEarlier(database());
  await settleProposals(database());

  const supervisor = new Supervisor(home, url);
  try {
    if (await hasServer(home)) await startKeeping(supervisor);
    else say("mail server", "none was adopted yet: portcullis adopt");
    const launcher = join(root, "launcher/launcher.mjs");
    const panel = () =>
      startPanel({ root, server: packagedServer, launcher, home, settings, url }, supervisor.watch);
    await panel();
    supervisor.bringBack("panel", panel);
    await supervisor.unlessLeaving();
    say("panel", `answers at ${url}`);
    if (!(await hasOperators(database())))
      say("first visit", '"portcullis admin setup-link" prints the link that makes the first administrator');
  } catch (error) {
    await supervisor.giveUp();
    throw error;
  }
}

async function requireAlone(home: Home, { PORT: port, PORTCULLIS_HOST: host }: ServeSettings): Promise<void> {
  const { runsAt, ended } = await settleEarlierStart(home);
  if (runsAt)
    throw new Unready(`Portcullis already runs for ${home.folder}: ${runsAt.url} (pid ${runsAt.pid}).`);
  for (const name of ended) say("tidied up", `${name} was left over from a start that died; it was ended`);
  const problems = await portProblems([{ what: "the panel", variable: "PORT", host, port }]);
  if (problems.length > 0) throw new Unready(problems.join("\n"));
}

/** Mends what a crash left, brings what is wanted into force, and keeps it so. */
async function startKeeping(supervisor: Supervisor): Promise<void> {
  const node = await openNode();
  await ensureFirstRevision(node.db);
  const interrupted = await recoverInterrupted(node);
  if (interrupted)
    say("recovery", `a change to revision ${interrupted.revision} was cut off, and is settled`);
  const map = await mendMap(node);
  if (map.rebuilt || map.rows > 0)
    say("access map", map.rebuilt ? "made" : `${map.rows} row(s) were not as wanted and were mended`);
  const reconciled = await reconcile(node, interrupted?.wentBack ? interrupted.revision : undefined);
  for (const sentence of reconciliationSentences(reconciled)) say("settings", sentence);
  const keeper = startKeeper(node);
  supervisor.beforeEnd(() => keeper.stop());
}
