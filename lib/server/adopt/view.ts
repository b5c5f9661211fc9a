import type { AdoptedView, AdoptionView, CandidateView } from "@/lib/core/adopt/views";
import { MachineFailure, UnsupportedServer, unlessMachineFails } from "@/lib/core/apply/ports";
import { RefusedText } from "@/lib/core/dovecot/quote";
import { settings } from "@/lib/core/settings/catalogue";
import { readKept } from "@/lib/system/adopt/main-file";
import { outside } from "@/lib/system/dovecot/instance";
import type { Home } from "../home";
import { readDescription } from "../node";
import type { Look } from "./look";
import { lookAtServer } from "./look";
import { type Plan, planAdoption, writtenFiles } from "./plan";
import { type AdoptionRecord, readAdoption } from "./record";
import { howGivenBack } from "./release";
import { withScratch } from "./scratch";

/** Where an adopted server's panel would keep its state; the home of the private Dovecot stays what it is. */
const COMMAND = 'PORTCULLIS_HOME=/var/lib/portcullis bin/portcullis adopt --reason "…"';

/** What the page shows: the adopted server, or the one of this machine that could be. Reads only. */
export async function adoptionView(home: Home): Promise<AdoptionView> {
  try {
    const record = await readAdoption(home);
    if (record) return await adoptedView(home, record);
    return await withScratch("", async (scratch) => {
      const look = await lookAtServer({ root: "", config: undefined }, scratch);
      return candidateView(look, await planAdoption(look, home.journal));
    });
  } catch (error) {
    const isExpected =
      error instanceof MachineFailure || error instanceof UnsupportedServer || error instanceof RefusedText;
    if (!isExpected) throw error;
    return { kind: "none", sentence: error.message, command: COMMAND };
  }
}

function candidateView(look: Look, plan: Plan): CandidateView {
  return {
    kind: "candidate",
    server: `Dovecot ${look.version}`,
    layout: look.layout.sentence,
    running: look.master ? `It runs (pid ${look.master.pid}).` : "It doesn't run.",
    files: look.files.map(({ path, from, state }) => ({
      path,
      from: from ? `${from.path} line ${from.line}` : "",
      state,
    })),
    protocols: look.protocols
      .filter(({ on, installed }) => on || installed)
      .map(({ name, on, installed }) => ({
        name: name.toUpperCase(),
        says: on ? (installed ? "on" : "on, and not installed") : "installed, off",
      })),
    signIn: [
      ...look.sources.map(({ kind, where, files }) => `${kind}: ${[where, ...files].join(", ")}`),
      `authentication cache: ${look.authCache.on ? look.authCache.size : "off"}`,
    ],
    values: settings
      .filter(({ key }) => plan.values[key] !== null)
      .map(({ key, label, words }) => ({ label, words: words(plan.values[key]) })),
    unknown: plan.unknown.map(({ label, why }) => ({ label, why })),
    mainFile: look.instance.configFile,
    added: linesOf(plan.added),
    written: writtenFiles(plan),
    difference: plan.difference,
    passed: plan.passed,
    warnings: plan.warnings,
    refused: [...plan.problems, ...plan.refusals],
    asRoot: process.getuid?.() === 0,
    command: COMMAND,
  };
}

async function adoptedView(home: Home, record: AdoptionRecord): Promise<AdoptedView> {
  const { instance } = await readDescription(home);
  const path = record.touched.path;
  const now = await readKept(outside(instance, path)).catch(unlessMachineFails);
  return {
    kind: "adopted",
    server: `Dovecot ${record.version}`,
    layout: record.layout,
    at: record.at,
    by: record.by,
    reason: record.reason,
    mainFile: record.touched.path,
    added: linesOf(record.added),
    folder: record.folder,
    copy: record.touched.copy,
    back: [
      now
        ? backNow(record, now)
        : `The panel's own user can't read ${path}: the command tells how it would come back.`,
    ],
    unknown: record.unknown,
    command: `PORTCULLIS_HOME=${home.folder} bin/portcullis release --keep DIR`,
  };
}

function backNow(record: AdoptionRecord, now: { sha256: string }): string {
  const how = howGivenBack(record, now);
  if (how === "as-found") return "Nobody edited it since: it comes back byte by byte.";
  return how === "untouched"
    ? "Somebody put it back already: nothing set here counts, and giving back only clears away."
    : "Somebody edited it since: only Portcullis's lines would be taken out, and the edits stay.";
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter(Boolean);
}
