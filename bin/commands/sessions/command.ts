import { Command } from "commander";
import { type SessionQuery, sessionQuery } from "@/lib/core/sessions/query";
import { SECURITIES } from "@/lib/core/use/security";
import { auditSessionsLook } from "@/lib/server/audit/read";
import { openNode } from "@/lib/server/node";
import { endedSentence, endMatching } from "@/lib/server/sessions/end";
import { listSessions } from "@/lib/server/sessions/list";
import { sessionFacts } from "@/lib/server/sessions/session-facts";
import { EXIT, note, print, printJson, setExitCode, table, UsageError } from "../output";
import { allOf, remotePages } from "../remote/pages";
import { alsoRemote, remotePanel } from "../remote/panel";
import { shellActor } from "../rules/arguments";

interface FilterOptions {
  q?: string;
  protocol?: string;
  from?: string;
  security?: string;
  idle?: string;
  json?: boolean;
}

export function sessionsCommand(): Command {
  return new Command("sessions")
    .description("who is connected now, and ending that")
    .addCommand(
      alsoRemote(withFilter(new Command("list")))
        .description("open sessions, a line each")
        .action(list),
    )
    .addCommand(
      alsoRemote(withFilter(new Command("end")))
        .description("end the sessions that match; whoever is allowed can sign in again at once")
        .option("--all", "without a filter: every session of every protocol")
        .option("--dry-run", "only say how many")
        .action(end),
    );
}

function withFilter(command: Command): Command {
  return command
    .option("--q <text>", "any part of the account's name")
    .option("--protocol <name>", "imap, pop3, sieve")
    .option("--from <address>", "how the client's address begins")
    .option("--security <how>", `protected so: ${[...SECURITIES, "unknown"].join(", ")}`)
    .option("--idle <minutes>", "nothing came from it for so many minutes")
    .option("--json", "as JSON");
}

function readFilter({ q, protocol, from, security, idle }: FilterOptions): SessionQuery {
  const read = sessionQuery.parse({ q, protocol, from, security, idle });
  if (read.ok) return read.query;
  throw new UsageError(read.problems.map(({ key, message }) => `--${key}: ${message}`).join("\n"));
}

async function list(options: FilterOptions): Promise<void> {
  const filter = readFilter(options);
  const api = remotePanel();
  const sessions = api
    ? await allOf(remotePages((part) => api.listSessions({ query: { ...filter, ...part } })))
    : await localSessions(filter);
  if (!sessions) return unasked();
  if (options.json) return printJson(sessions);
  if (sessions.length === 0) return print("None.");
  print(
    table([
      ["ACCOUNT", "PROTOCOL", "FROM", "SINCE", "PROTECTED BY", "IDLE", "PID"],
      ...sessions.map(({ username, protocol, ip, since, security, tlsVersion, idleS, pid }) => [
        username,
        protocol,
        ip,
        since ?? "not known",
        [security ?? "not known", tlsVersion].filter(Boolean).join(" "),
        idleS === null ? "not known" : `${Math.floor(idleS / 60)} min`,
        String(pid),
      ]),
    ]),
  );
}

async function end(options: FilterOptions & { all?: boolean; dryRun?: boolean }): Promise<void> {
  const filter = readFilter(options);
  if (sessionQuery.search(filter) === "" && !options.all)
    throw new UsageError("Say which with --q, --protocol or --from, or end every one with --all.");
  const api = remotePanel();
  if (api) {
    const body = { ...filter, all: options.all ?? false, dryRun: options.dryRun ?? false };
    const { body: told } = await api.endSessions({ body });
    if (options.json) return printJson(told);
    return print("matching" in told ? `${told.matching} would be ended.` : endedSentence(told));
  }
  const node = await openNode();
  if (options.dryRun) {
    const found = await listSessions(node, filter, 0);
    if (!found) return unasked();
    if (options.json) return printJson({ dryRun: true, matching: found.matching });
    return print(`${found.matching} would be ended.`);
  }
  const ended = await endMatching(node, shellActor(), filter);
  if (ended === undefined) return unasked();
  if (options.json) printJson(ended);
  else print(endedSentence(ended));
}

function unasked(): void {
  setExitCode(EXIT.failed);
  note("Dovecot can't be asked who is connected.");
}

async function localSessions(filter: SessionQuery) {
  const node = await openNode();
  const found = await listSessions(node, filter, Infinity);
  if (!found) return undefined;
  await auditSessionsLook(node.db, shellActor(), filter);
  return found.sessions.map(sessionFacts);
}
