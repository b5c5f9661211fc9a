import type { BulkAct } from "@/lib/core/access/bulk";
import type { AccountFilter } from "@/lib/core/access/filter";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { type BulkPreview, previewBulk } from "@/lib/server/access/bulk-preview";
import { addJob } from "@/lib/server/jobs/store";
import { openNode } from "@/lib/server/node";
import { filterLimits } from "@/lib/server/use/filter-limits";
import { answerJob } from "../jobs/answer";
import { EXIT, note, print, printJson, setExitCode } from "../output";
import { many } from "../progress";
import { remoteBulk } from "../remote/bulk";
import { remotePanel } from "../remote/panel";
import { shellActor } from "./arguments";

export interface BulkOptions {
  reason: string;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

export async function bulkPolicy(
  filter: AccountFilter,
  act: Omit<Extract<BulkAct, { kind: "policy" }>, "kind">,
  options: BulkOptions,
): Promise<void> {
  await bulkAct(filter, { kind: "policy", ...act }, options);
}

/** What an act upon many would do, and doing it. */
export interface Bulk {
  preview: BulkPreview;
  /** As a job that is seen to its end. */
  run(json: boolean): Promise<void>;
}

/** One act upon all accounts that a filter takes: what it would do, and with --yes doing it. */
export async function bulkAct(filter: AccountFilter, act: BulkAct, options: BulkOptions): Promise<void> {
  const { reason, json = false } = options;
  const api = remotePanel();
  const bulk = api ? await remoteBulk(api, filter, act, reason) : await bulkHere(filter, act, reason);
  const { preview } = bulk;
  if (options.dryRun || !options.yes) {
    if (!options.dryRun) setExitCode(EXIT.usage);
    if (json) printJson({ dryRun: true, preview });
    else print([...previewLines(preview), "Nothing was changed."]);
    if (!options.dryRun) note("Add --yes to do it.");
    return;
  }
  if (preview.changing === 0) {
    if (json) return printJson({ preview, job: null });
    return print([...previewLines(preview), "There was nothing to do."]);
  }
  await bulk.run(json);
}

async function bulkHere(filter: AccountFilter, act: BulkAct, reason: string): Promise<Bulk> {
  const node = await openNode();
  const target = { filter };
  const limits = await filterLimits(node.db, filter);
  if (limits.length > 0) note(limits);
  const preview = await previewBulk(node, target, act, Infinity);
  return {
    preview,
    async run(json) {
      const input = { target, act, reason };
      const id = await addJob(node, {
        kind: "bulk-access",
        input,
        total: preview.accounts,
        actor: shellActor(),
      });
      await answerJob(node, id, json, { preview });
    },
  };
}

function previewLines({
  accounts,
  changing,
  alreadySo,
  notAllowed,
  used,
  only,
  examples,
}: BulkPreview): string[] {
  return [
    `${many(accounts, "account matches", "accounts match")}: ${changing.toLocaleString("en")} would change, ${alreadySo.toLocaleString("en")} are so already.`,
    ...(used === null || only === null
      ? []
      : [
          `${many(used, "account", "accounts")} used it within 30 days, ${only.toLocaleString("en")} of them nothing else.`,
        ]),
    ...(notAllowed > 0
      ? [`${many(notAllowed, "suspension", "suspensions")} of a higher rank would stand.`]
      : []),
    ...examples.map(
      ({ address, protocols }) =>
        `  ${address}  ${PROTOCOLS.map((protocol) => {
          const { now, afterwards } = protocols[protocol];
          return `${protocol.toUpperCase()} ${now === afterwards ? now : `${now} -> ${afterwards}`}`;
        }).join("  ")}`,
    ),
    ...(accounts > examples.length && examples.length > 0
      ? [`  and ${many(accounts - examples.length, "more", "more")}`]
      : []),
  ];
}
