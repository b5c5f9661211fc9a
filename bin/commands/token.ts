import { Command, Option } from "commander";
import { domainName } from "@/lib/core/access/form-schemas";
import { ROLES, type Role, type Scope } from "@/lib/core/operators/roles";
import { findOwner } from "@/lib/server/api/bearer";
import {
  LONGEST_TOKEN_NAME,
  listTokens,
  makeToken,
  revokeToken,
  TOKEN_DAYS,
  type Token,
  type TokenOwner,
} from "@/lib/server/api/tokens";
import type { Database } from "@/lib/server/database/client";
import { openNode } from "@/lib/server/node";
import { EXIT, note, print, printJson, setExitCode, table, UsageError } from "./output";
import { readNumber, shellActor } from "./rules/arguments";

export function tokenCommand(): Command {
  return new Command("token")
    .description("ways in for programs over the HTTP API, each of an operator and never for more than he may")
    .addCommand(makeCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

interface MakeOptions {
  owner?: string;
  role?: Role;
  domain?: string[];
  write?: boolean;
  days: string;
  json?: boolean;
}

function makeCommand(): Command {
  return new Command("make")
    .description("make a token; it is shown this once")
    .argument("<name>", "what it is for")
    .option("--owner <email>", "the operator whose token it is; needed where there are several")
    .addOption(new Option("--role <role>", "what it may do; as its owner without it").choices(ROLES))
    .option("--domain <name...>", 'only these domains; "@" for accounts without one')
    .option("--write", "it may change something; else it only reads")
    .option("--days <number>", `good for so many days, up to ${TOKEN_DAYS.max}`, String(TOKEN_DAYS.usual))
    .option("--json", "as JSON, with `token`")
    .action(async (name: string, { owner: email, role, domain, write = false, days, json }: MakeOptions) => {
      if (name.trim() === "" || name.length > LONGEST_TOKEN_NAME)
        throw new UsageError(`The name has from 1 to ${LONGEST_TOKEN_NAME} characters.`);
      const { db } = await openNode();
      const owner = await ownerFor(db, email);
      const made = await makeToken(
        db,
        owner,
        {
          name: name.trim(),
          role: role ?? owner.role,
          scope: scopeOf(domain) ?? owner.scope,
          writes: write,
          days: daysIn(days),
        },
        shellActor(),
      );
      if (!made.ok) throw new UsageError(made.sentence);
      if (json) return printJson({ token: made.secret, ...tokenFacts(made.token) });
      print(made.secret);
      note("It is shown this once and kept nowhere.");
    });
}

function listCommand(): Command {
  return new Command("list")
    .description("every token, newest first; never the token itself")
    .option("--json", "as JSON: an array")
    .action(async ({ json }: { json?: boolean }) => {
      const tokens = await listTokens((await openNode()).db);
      if (json) return printJson(tokens.map(tokenFacts));
      if (tokens.length === 0) return print("None.");
      print(
        table([
          ["ID", "NAME", "OWNER", "ROLE", "DOMAINS", "MAY", "UNTIL", "LAST USED", "STATE"],
          ...tokens
            .map(tokenFacts)
            .map(({ id, name, owner, role, domains, readOnly, ...facts }) => [
              id,
              name,
              owner,
              role,
              domains === null ? "all" : domains.map((one) => one || "@").join(","),
              readOnly ? "read" : "change",
              facts.expiresAt.slice(0, 10),
              facts.lastUsedAt ?? "never",
              facts.state,
            ]),
        ]),
      );
    });
}

function revokeCommand(): Command {
  return new Command("revoke")
    .description("from now on it is no good")
    .argument("<id>", "as `token list` has it")
    .option("--json", "as JSON")
    .action(async (id: string, { json }: { json?: boolean }) => {
      const revoked = await revokeToken((await openNode()).db, { id }, shellActor());
      if (!revoked) {
        setExitCode(EXIT.usage);
        if (json) return printJson({ id, revoked });
        return note("There is no such token, or it was revoked before.");
      }
      if (json) printJson({ id, revoked });
      else print("Revoked.");
    });
}

async function ownerFor(db: Database, email: string | undefined): Promise<TokenOwner> {
  const emails = (await db.user.findMany({ select: { email: true }, take: 2 })).map((user) => user.email);
  const [only] = emails;
  if (email === undefined && emails.length > 1) throw new UsageError("Say by --owner whose token it is.");
  const wanted = email?.trim().toLowerCase() ?? only;
  const owner = wanted === undefined ? undefined : await findOwner(db, wanted);
  if (!owner)
    throw new UsageError(wanted ? `No operator ${wanted} can sign in.` : "There is no operator yet.");
  return owner;
}

function scopeOf(names: readonly string[] | undefined): Scope | undefined {
  return names?.map((name) => {
    const read = domainName.safeParse(name);
    if (!read.success)
      throw new UsageError(`--domain ${JSON.stringify(name)}: ${read.error.issues[0]?.message}`);
    return read.data;
  });
}

function daysIn(text: string): number {
  const days = readNumber(text, "--days");
  if (days > TOKEN_DAYS.max) throw new UsageError(`--days takes up to ${TOKEN_DAYS.max}.`);
  return days;
}

/** A token for scripts: names and types are a promise (docs/cli.md). */
function tokenFacts({ id, name, shown, owner, role, scope, writes, ...token }: Token) {
  const { createdAt, expiresAt, lastUsedAt, revokedAt } = token;
  return {
    id,
    name,
    begins: shown,
    owner,
    role,
    domains: scope,
    readOnly: !writes,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    state: revokedAt ? "revoked" : expiresAt.getTime() <= Date.now() ? "over" : "good",
  };
}
