import { type Command, Option } from "commander";
import { type AccountFilter, accountFilterSchema, ENDING_DAYS, USED_DAYS } from "@/lib/core/access/filter";
import { SECURITIES, TLS_VERSIONS } from "@/lib/core/use/security";
import { UsageError } from "../output";

/**
 * Options by which accounts are chosen: the page's filters, under the same words. Where there is a `--no-proof` besides,
 * `proof` is true or false when it chooses nothing.
 */
export type FilterOptions = Partial<Record<CamelCase<(typeof KEYS)[number]>, string | boolean>>;

/** As commander calls an option with a dash. */
type CamelCase<Text extends string> = Text extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Tail>}`
  : Text;

const KEYS = [
  "q",
  "domain",
  "imap",
  "pop3",
  "override",
  "suspended",
  "differs",
  "ending",
  "imap-used",
  "pop3-used",
  "imap-unused",
  "pop3-unused",
  "cleartext",
  "security",
  "tls",
  "only",
  "proof",
  "note",
  "vanished",
] as const;

export function addFilterOptions(command: Command): Command {
  return command
    .option("--q <text>", "any part of the address")
    .option("--domain <name>", 'of this domain; "@" for accounts without one')
    .option("--imap <state>", "effective for IMAP: allow or deny")
    .option("--pop3 <state>", "effective for POP3: allow or deny")
    .option("--override <which>", "with a policy of their own: any, none, allow or deny")
    .addOption(
      new Option("--suspended [yes|no]", "suspended, by themselves or from above; no: not").preset("yes"),
    )
    .addOption(new Option("--differs [yes]", "another state than their domain's").preset("yes"))
    .addOption(
      new Option(
        "--ending [days]",
        `a rule of their own ends within so many days (${ENDING_DAYS} when no number is named)`,
      ).preset(String(ENDING_DAYS)),
    )
    .option("--imap-used <days>", "signed in by IMAP within so many days")
    .option("--pop3-used <days>", "signed in by POP3 within so many days")
    .option("--imap-unused <days>", "not seen to sign in by IMAP within so many days")
    .option("--pop3-unused <days>", "not seen to sign in by POP3 within so many days")
    .addOption(
      new Option(
        "--cleartext [days]",
        `signed in over a network without TLS within so many days (${USED_DAYS} when no number is named)`,
      ).preset(String(USED_DAYS)),
    )
    .option(
      "--security <how>",
      `protected so at a last sign-in within ${USED_DAYS} days: ${SECURITIES.join(", ")}`,
    )
    .option(
      "--tls <version>",
      `with this TLS version at a last sign-in within ${USED_DAYS} days: ${TLS_VERSIONS.join(", ")}`,
    )
    .option("--only <protocol>", `signed in by this protocol within ${USED_DAYS} days, and by no other`)
    .addOption(
      new Option("--proof [differs]", "Dovecot contradicted when it was last asked").preset("differs"),
    )
    .addOption(new Option("--note [yes|no]", "with a note beside them; no: without").preset("yes"))
    .addOption(
      new Option("--vanished [yes|all]", "that the last listing didn't name; all: these as well").preset(
        "yes",
      ),
    );
}

/** @throws UsageError that names every option that can't be. */
export function filterFrom(options: FilterOptions): AccountFilter {
  const values = Object.fromEntries(given(options));
  const filter = accountFilterSchema.safeParse(values);
  if (filter.success) return filter.data;
  throw new UsageError(
    filter.error.issues
      .map(
        ({ path, message }) => `--${path.join(".")} ${JSON.stringify(values[String(path[0])])}: ${message}.`,
      )
      .join("\n"),
  );
}

/** The options of a filter that were given, for a command that takes none. */
export function givenFilters(options: FilterOptions): string[] {
  return given(options).map(([key]) => `--${key}`);
}

function given(options: FilterOptions): [string, string][] {
  return KEYS.flatMap((key) => {
    const value = options[camelCase(key) as keyof FilterOptions];
    return typeof value === "string" ? [[key, value]] : [];
  });
}

function camelCase(key: string): string {
  return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
