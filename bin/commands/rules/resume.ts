import { Command } from "commander";
import type { LiftEdit } from "@/lib/core/access/edits";
import type { Protocol, Suspension } from "@/lib/core/access/rules";
import { type Subject, subjectLabel } from "@/lib/core/access/subject";
import { rulesOf } from "@/lib/server/access/rows";
import { openNode } from "@/lib/server/node";
import { UsageError } from "../output";
import { alsoRemote, remotePanel } from "../remote/panel";
import { changeRemotely } from "../remote/rules";
import { readNumber } from "./arguments";
import { bulkAct } from "./bulk";
import { changeRules } from "./change";
import type { FilterOptions } from "./filter-options";
import { filterFrom } from "./filter-options";
import type { Noun } from "./noun";
import { addBulkOptions, protocolOption, requireName, requireNoName } from "./suspend";

interface ResumeOptions extends FilterOptions {
  protocol: Protocol | "all";
  id?: string;
  reason: string;
  proof: boolean | string;
  allMatching?: boolean;
  yes?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function resumeCommand(noun: Noun): Command {
  const command = new Command("resume")
    .description("lift suspensions; what policies say is then as it was")
    .argument(`[${noun.argument}]`, noun.describe)
    .option("--id <number>", "only this suspension; without it every one")
    .addOption(protocolOption())
    .option("--reason <text>", "why; stays in the history", "")
    .option("--no-proof", "don't ask Dovecot afterwards")
    .option("--json", "as JSON");
  if (noun.word === "account") addBulkOptions(command);
  return alsoRemote(command).action(async (name: string | undefined, options: ResumeOptions) => {
    const { protocol, reason } = options;
    const api = remotePanel();
    if (options.allMatching) {
      requireNoName(name);
      if (options.id !== undefined)
        throw new UsageError("--id goes with one account, not with --all-matching.");
      return await bulkAct(filterFrom(options), { kind: "resume", protocol, rank: "administrator" }, options);
    }
    const subject = noun.subjectOf(requireName(name, noun, options));
    const id = options.id === undefined ? undefined : readNumber(options.id, "--id");
    if (api) {
      const body = { protocol, reason, proof: options.proof !== false, ...(id === undefined ? {} : { id }) };
      return await changeRemotely(api, noun, subject, { act: "resume", body }, options.json ?? false);
    }
    const node = await openNode();
    const { suspensions } = await rulesOf(node.db, [subject]);
    await changeRules(node, {
      noun,
      subject,
      edits: liftsOf(subject, suspensions.get(subject) ?? [], protocol, id),
      reason,
      offNow: false,
      proof: options.proof !== false,
      json: options.json ?? false,
    });
  });
}

function liftsOf(
  subject: Subject,
  standing: readonly Suspension[],
  protocol: Protocol | "all",
  id: number | undefined,
): LiftEdit[] {
  const meant =
    id === undefined
      ? standing.filter((one) => protocol === "all" || one.protocol === protocol)
      : standing.filter((one) => one.id === id);
  if (id !== undefined && meant.length === 0)
    throw new UsageError(
      `${subjectLabel(subject)} has no suspension ${id}.${standing.length > 0 ? ` It has: ${standing.map((one) => one.id).join(", ")}.` : ""}`,
    );
  return meant.map((one) => ({ kind: "lift", subject, id: one.id }));
}
