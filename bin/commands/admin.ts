import { text as readAll } from "node:stream/consumers";
import { Command } from "commander";
import { panelUrl } from "@/lib/server/alerts/panel-url";
import { database } from "@/lib/server/database/client";
import { currentHome } from "@/lib/server/home";
import { openNode } from "@/lib/server/node";
import { note, print, printJson, table, UsageError } from "./output";
import { shellActor } from "./rules/arguments";

/** Loaded late: they bring the sign-in's library, a third of what every other command would read for nothing. */
const operators = async () => ({
  ...(await import("@/lib/server/operators/host-reset")),
  ...(await import("@/lib/server/operators/list")),
  ...(await import("@/lib/server/operators/passwords")),
});

/** Where the panel listens unless it is told otherwise. */
const USUAL_URL = "http://127.0.0.1:3000";

export function adminCommand(): Command {
  return new Command("admin")
    .description("operators of the panel, and the way back in for one who is locked out")
    .addCommand(
      new Command("list")
        .description("who may sign in to the panel, and as what")
        .option("--json", "as JSON")
        .action(list),
    )
    .addCommand(
      new Command("setup-link")
        .description("the link that makes the first administrator, good until it was used")
        .option("--json", "as JSON: url")
        .action(setupLink),
    )
    .addCommand(
      new Command("reset")
        .description(
          "give somebody a way back in: a one-time link, or a new password; enables one who is disabled",
        )
        .argument("<email>", "of the operator")
        .option("--password-stdin", "set the password that standard input holds, instead of making a link")
        .option("--second-factor", "remove app, recovery codes and passkeys as well")
        .option("--json", "as JSON: email, url, expiresAt, done")
        .action(reset),
    );
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { db } = await openNode();
  const { operatorViews } = await operators();
  const all = (await operatorViews(db)).map((operator) => ({ ...operator, standing: undefined }));
  if (json) return printJson(all);
  if (all.length === 0) return print("There is none yet.");
  print(
    table([
      ["E-MAIL", "ROLE", "RESPONSIBLE FOR", "SECOND FACTOR", "LAST SIGN-IN", "STATE"],
      ...all.map(({ email, role, scope, hasCodes, passkeys, lastSignInAt, isDisabled }) => [
        email,
        role,
        scope === null ? "whole server" : scope.join(" ") || "no domain",
        hasCodes || passkeys > 0 ? "yes" : "no",
        lastSignInAt ?? "never seen",
        isDisabled ? "disabled" : "may sign in",
      ]),
    ]),
  );
}

async function setupLink({ json }: { json?: boolean }): Promise<void> {
  const home = currentHome();
  const { hasOperators } = await import("@/lib/server/operators/operators");
  const { setupToken } = await import("@/lib/server/operators/setup-token");
  if (await hasOperators(database()))
    throw new UsageError("There is an administrator already. See portcullis admin list, and admin reset.");
  const url = `${(await panelUrl(home)) ?? USUAL_URL}/setup?token=${await setupToken(home)}`;
  if (json) printJson({ url });
  else print(url);
}

interface ResetOptions {
  passwordStdin?: boolean;
  secondFactor?: boolean;
  json?: boolean;
}

async function reset(email: string, options: ResetOptions): Promise<void> {
  const { db, home } = await openNode();
  const password = options.passwordStdin ? await passwordFromInput() : undefined;
  const { resetAtHost } = await operators();
  const result = await resetAtHost(db, shellActor(), email.trim().toLowerCase(), {
    password,
    withSecondFactor: options.secondFactor ?? false,
  });
  if (!result) throw new UsageError(`No operator has the address ${email}. See portcullis admin list.`);
  const base = await panelUrl(home);
  const url = result.link ? `${base ?? USUAL_URL}/reset/${result.link.token}` : null;
  const expiresAt = result.link?.expiresAt.toISOString() ?? null;
  if (options.json) return printJson({ email: result.email, url, expiresAt, done: result.sentences });
  print([...result.sentences, ...(url === null ? [] : [`Good once, until ${expiresAt}: ${url}`])]);
  if (result.link && base === undefined)
    note("The panel doesn't run now; the address in the link is the usual one.");
}

/** Never from the command line itself, where every user of the machine could read it. */
async function passwordFromInput(): Promise<string> {
  const [line = ""] = (await readAll(process.stdin)).split(/\r?\n/);
  const { newPassword } = await operators();
  const read = newPassword.safeParse(line);
  if (!read.success) throw new UsageError(read.error.issues[0]?.message ?? "This password can't be used.");
  return read.data;
}
