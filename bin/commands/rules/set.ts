import { Command } from "commander";
import type { PolicyEdit } from "@/lib/core/access/edits";
import { openNode } from "@/lib/server/node";
import { UsageError } from "../output";
import { alsoRemote, onHostOnly, remotePanel } from "../remote/panel";
import { changeRemotely } from "../remote/rules";
import { readAssignments, readEnd, readState } from "./arguments";
import { type BulkOptions, bulkPolicy } from "./bulk";
import { changeRules } from "./change";
import { addFilterOptions, type FilterOptions, filterFrom, givenFilters } from "./filter-options";
import { foresee } from "./foresee";
import type { Noun } from "./noun";

interface SetOptions extends FilterOptions, BulkOptions {
  until?: string;
  expect?: string;
  offNow?: boolean;
  proof: boolean | string;
  allMatching?: boolean;
}

export function setCommand(noun: Noun): Command {
  const isAccount = noun.word === "account";
  const command = new Command("set")
    .description("allow, deny or inherit a protocol; enforced at the next login, and Dovecot is asked")
    .usage(`<${noun.argument}> pop3=deny|allow|inherit [imap=...] [options]`)
    .argument(`[${noun.argument}]`, noun.describe)
    .argument("[protocol=state...]", "pop3 or imap, and allow, deny or inherit")
    .option("--until <end>", "when it ends by itself: 2026-11-27T18:00Z, 'friday 18:00', +7d, +12h")
    .option("--reason <text>", "why; stays in the history", "")
    .option("--expect <state>", "refuse (exit 4) if it is another now: allow, deny or inherit")
    .option("--off-now", "end the open sessions too that are then denied")
    .option("--dry-run", "show what would be, change nothing")
    .option("--no-proof", "don't ask Dovecot afterwards")
    .option("--json", "as JSON");
  if (isAccount) {
    addFilterOptions(
      command
        .option("--all-matching", "every account that the filters take, as one change; needs --yes")
        .option("--yes", "do it, after the numbers were seen without it"),
    );
  }
  return alsoRemote(command).action(
    async (first: string | undefined, rest: string[], options: SetOptions) => {
      const words = first === undefined ? rest : [first, ...rest];
      if (options.allMatching) return await setMatching(words, options);
      const stray = givenFilters(options);
      if (isAccount && stray.length > 0)
        throw new UsageError(
          `${stray.join(", ")} chooses accounts and goes with --all-matching. What is to be set is written imap=deny.`,
        );
      if (options.yes) throw new UsageError("--yes goes with --all-matching.");
      const [name, ...assignments] = words;
      if (name === undefined || /^(?:imap|pop3)=/.test(name))
        throw new UsageError(
          `Name the ${noun.word} first, then what is to be set: ${noun.argument} pop3=deny.`,
        );
      await setOne(noun, name, assignments, options);
    },
  );
}

async function setOne(
  noun: Noun,
  name: string,
  words: readonly string[],
  options: SetOptions,
): Promise<void> {
  const subject = noun.subjectOf(name);
  const wanted = readAssignments(words);
  const expect = options.expect === undefined ? undefined : readState(options.expect, "--expect");
  const until = endFor(wanted, options.until);
  const edits = wanted.map(
    ({ protocol, state }): PolicyEdit => ({
      kind: "policy",
      subject,
      protocol,
      state,
      until: state === "inherit" ? null : until,
    }),
  );
  if (options.offNow && !wanted.some(({ state }) => state !== "allow"))
    throw new UsageError("--off-now ends sessions that are denied; it doesn't go with allow.");
  const api = remotePanel();
  if (api) {
    if (options.dryRun) onHostOnly("--dry-run");
    const body = {
      ...Object.fromEntries(wanted.map(({ protocol, state }) => [protocol, state])),
      until: options.until ?? null,
      reason: options.reason,
      offNow: options.offNow ?? false,
      proof: options.proof !== false,
    };
    return await changeRemotely(api, noun, subject, { act: "set", body, expect }, options.json ?? false);
  }
  const node = await openNode();
  if (options.dryRun) return await foresee(node, subject, edits, options.json ?? false);
  await changeRules(node, {
    noun,
    subject,
    edits,
    expect,
    reason: options.reason,
    offNow: options.offNow ?? false,
    proof: options.proof !== false,
    json: options.json ?? false,
  });
}

async function setMatching(words: readonly string[], options: SetOptions): Promise<void> {
  const wanted = readAssignments(words);
  const [{ state } = { state: "inherit" as const }] = wanted;
  if (wanted.some((one) => one.state !== state))
    throw new UsageError("With --all-matching every protocol is set to the same state; use two commands.");
  if (options.expect !== undefined || options.offNow)
    throw new UsageError("--expect and --off-now go with one account, not with --all-matching.");
  const until = endFor(wanted, options.until);
  await bulkPolicy(
    filterFrom(options),
    { protocols: wanted.map(({ protocol }) => protocol), state, until },
    options,
  );
}

function endFor(wanted: readonly { state: string }[], text: string | undefined): number | null {
  if (text !== undefined && wanted.every(({ state }) => state === "inherit"))
    throw new UsageError("--until goes with allow or deny: inherit has no end.");
  return readEnd(text);
}
