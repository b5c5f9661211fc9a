import { Command, Option } from "commander";
import { PROTOCOLS, type Protocol } from "@/lib/core/access/rules";
import { openNode } from "@/lib/server/node";
import { UsageError } from "../output";
import { alsoRemote, remotePanel } from "../remote/panel";
import { changeRemotely } from "../remote/rules";
import { readEnd } from "./arguments";
import { bulkAct } from "./bulk";
import { changeRules } from "./change";
import { addFilterOptions, type FilterOptions, filterFrom, givenFilters } from "./filter-options";
import type { Noun } from "./noun";

interface SuspendOptions extends FilterOptions {
  protocol: Protocol | "all";
  reason: string;
  ticket: string;
  until?: string;
  offNow?: boolean;
  proof: boolean | string;
  allMatching?: boolean;
  yes?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function protocolOption(): Option {
  return new Option("--protocol <which>", "imap, pop3 or all").choices([...PROTOCOLS, "all"]).default("all");
}

/** Options by which a command of accounts works on many. */
export function addBulkOptions(command: Command): Command {
  return addFilterOptions(
    command
      .option("--all-matching", "every account that the filters take, as one change; needs --yes")
      .option("--yes", "do it, after the numbers were seen without it")
      .option("--dry-run", "with --all-matching: show the numbers, change nothing"),
  );
}

export function suspendCommand(noun: Noun): Command {
  const command = new Command("suspend")
    .description("block sign-ins above every policy; policies stay as they are")
    .argument(`[${noun.argument}]`, noun.describe)
    .addOption(protocolOption())
    .requiredOption("--reason <text>", "why; whoever asks is told")
    .option("--ticket <number>", "of a ticket elsewhere", "")
    .option("--until <end>", "when it ends by itself: 2026-11-27T18:00Z, 'friday 18:00', +7d, +12h")
    .option("--off-now", "end the open sessions too")
    .option("--no-proof", "don't ask Dovecot afterwards")
    .option("--json", "as JSON");
  if (noun.word === "account") addBulkOptions(command);
  return alsoRemote(command).action(async (name: string | undefined, options: SuspendOptions) => {
    const { protocol, reason, ticket, json = false } = options;
    const facts = { protocol, rank: "administrator" as const, reason, ticket, until: readEnd(options.until) };
    if (reason.trim() === "") throw new UsageError("--reason: say why.");
    const api = remotePanel();
    if (options.allMatching) {
      requireNoName(name);
      if (options.offNow) throw new UsageError("--off-now goes with one account, not with --all-matching.");
      return await bulkAct(filterFrom(options), { kind: "suspend", ...facts }, options);
    }
    const subject = noun.subjectOf(requireName(name, noun, options));
    if (api) {
      const body = {
        protocol,
        reason,
        ticket,
        until: options.until ?? null,
        offNow: options.offNow ?? false,
        proof: options.proof !== false,
      };
      return await changeRemotely(api, noun, subject, { act: "suspend", body }, json);
    }
    await changeRules(await openNode(), {
      noun,
      subject,
      edits: [{ kind: "suspend", subject, ...facts }],
      reason,
      offNow: options.offNow ?? false,
      proof: options.proof !== false,
      json,
    });
  });
}

export function requireNoName(name: string | undefined): void {
  if (name !== undefined)
    throw new UsageError(`Name either an account (${JSON.stringify(name)}) or --all-matching, not both.`);
}

/** The one that is named, without options that only make sense for many. */
export function requireName(
  name: string | undefined,
  { word }: Noun,
  options: FilterOptions & { yes?: boolean; dryRun?: boolean },
): string {
  const stray = [
    ...givenFilters(options),
    ...(options.yes ? ["--yes"] : []),
    ...(options.dryRun ? ["--dry-run"] : []),
  ];
  if (stray.length > 0) throw new UsageError(`${stray.join(", ")}: only with --all-matching.`);
  if (name === undefined) throw new UsageError(`Name the ${word}.`);
  return name;
}
