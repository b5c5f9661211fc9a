import { afterAll, beforeAll } from "vitest";
import type { SandboxAccount } from "@/lib/server/sandbox/accounts";
import { startAccessSandbox } from "./access-sandbox";
import { Cli } from "./cli";
import type { AvailableDovecot } from "./dovecot-versions";
import type { TestSandbox } from "./sandbox";
import { type Answer, wireLogin } from "./wire-login";

export interface ShellSandbox {
  sandbox: TestSandbox;
  cli: Cli;
  login: (protocol: "imap" | "pop3", user: string, password: string) => Promise<Answer>;
  sample: (index: number) => SandboxAccount;
}

/** A sandbox for the tests of a `describe`, with the command line and logins on it; `names` may sign in as well. */
export function onSandbox(dovecot: AvailableDovecot, names: readonly string[] = []): () => ShellSandbox {
  let sandbox: TestSandbox;
  let cli: Cli;
  beforeAll(async () => {
    if (dovecot.missing) return;
    sandbox = await startAccessSandbox(dovecot, names, "auth_username_chars =\n");
    cli = new Cli(sandbox.home.folder);
  });
  afterAll(async () => await sandbox?.remove());

  const login: ShellSandbox["login"] = async (protocol, user, password) =>
    (
      await wireLogin({
        protocol,
        port: sandbox.ports[protocol],
        encryption: "none",
        mechanism: protocol === "imap" ? "PLAIN" : "USER",
        user,
        password,
      })
    ).answer;
  const sample = (index: number) => {
    const account = sandbox.accounts[index];
    if (!account) throw new Error("The sandbox has no such account.");
    return account;
  };
  return () => ({ sandbox, cli, login, sample });
}
