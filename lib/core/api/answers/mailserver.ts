import { z } from "zod";
import { impact } from "./evidence";
import { instant } from "./instant";
import { fieldProblem, settingChange, settingsValues } from "./settings";

export const mailserver = z
  .object({ revision: z.int(), settings: settingsValues })
  .meta({ id: "Mailserver" });

const route = z.enum(["none", "stop", "reload"]);
const freezeWindow = z.object({
  id: z.int(),
  startsAt: instant,
  endsAt: instant,
  reason: z.string(),
  author: z.string(),
});

/** What a change would do, and to whom. */
export const plan = z
  .object({
    dryRun: z.literal(true),
    changes: z.array(settingChange),
    warnings: z.array(fieldProblem),
    diff: z.string().describe("of the generated files, in unified form"),
    effect: z.object({
      route,
      sessionsEnded: z.int().nullable(),
      sessions: z.record(z.string(), z.object({ open: z.int(), ended: z.int() })).nullable(),
      closes: z.array(z.string()),
      opens: z.array(z.string()),
      back: z.object({ route, sessionsEnded: z.int().nullable() }),
      sentences: z.array(z.string()),
    }),
    checks: z.array(z.string()),
    risky: z.boolean(),
    freeze: freezeWindow.nullable(),
    impacts: z.array(impact),
  })
  .meta({ id: "Plan" });
export type PlanJson = z.infer<typeof plan>;

const probe = z
  .object({
    listener: z.object({
      protocol: z.string(),
      service: z.string(),
      name: z.string(),
      address: z.string(),
      port: z.int(),
      tls: z.boolean(),
      haproxy: z.boolean(),
      open: z.boolean(),
    }),
    wanted: z.enum(["open", "closed"]),
    seen: z.union([
      z.object({ state: z.literal("open"), latencyMs: z.number() }),
      z.object({ state: z.literal("closed") }),
      z.object({ state: z.literal("failing"), reason: z.string() }),
    ]),
  })
  .meta({ id: "Probe" });

const saved = {
  revision: z.int(),
  saved: z.boolean().describe("a revision was written; false where everything was so already"),
  changes: z.array(settingChange),
  unrecorded: z.string().optional(),
  keepUntil: instant.optional().describe("it goes back then, unless somebody says that mail still works"),
};

const inForce = { loadedMark: z.string(), probes: z.array(probe), notes: z.array(z.string()) };

/** A change that is in force. */
export const settingsApplied = z
  .union([
    z.object({ outcome: z.literal("unchanged"), ...saved, ...inForce }),
    z.object({
      outcome: z.literal("applied"),
      ...saved,
      ...inForce,
      enforcement: z.union([
        z.object({ how: z.literal("stop"), sessionsEnded: z.int() }),
        z.object({ how: z.literal("reload") }),
      ]),
    }),
  ])
  .meta({ id: "SettingsApplied" });
export type SettingsAppliedJson = z.infer<typeof settingsApplied>;

/** One that is not, and why: what `mailserver set --json` answers then. */
export const settingsNotApplied = z
  .union([
    z.object({ outcome: z.literal("rejected"), ...saved, problems: z.array(fieldProblem) }),
    z.object({
      outcome: z.literal("rolled-back"),
      ...saved,
      reason: z.string(),
      loadedMark: z.string(),
      probes: z.array(probe),
    }),
    z.object({
      outcome: z.literal("stuck"),
      ...saved,
      reason: z.string(),
      wayBack: z.string(),
      daemonDown: z.boolean(),
    }),
    z.object({
      outcome: z.enum(["rejected", "invalid"]),
      saved: z.literal(false),
      problems: z.array(fieldProblem),
    }),
    z.object({
      outcome: z.literal("needs-confirmation"),
      saved: z.literal(false),
      authenticationOnly: z.boolean(),
      warnings: z.array(fieldProblem),
    }),
    z.object({
      outcome: z.literal("conflict"),
      saved: z.literal(false),
      revision: z.int(),
      author: z.string(),
      theirs: z.array(settingChange),
      yours: z.array(settingChange),
    }),
  ])
  .meta({ id: "SettingsNotApplied" });
export type SettingsNotAppliedJson = z.infer<typeof settingsNotApplied>;

export const undoConflict = z
  .object({
    key: z.string(),
    label: z.string(),
    before: z.string(),
    made: z.string(),
    now: z.string(),
    by: z.object({ number: z.int(), author: z.string(), createdAt: instant }),
  })
  .meta({ id: "UndoConflict" });

const undo = { undoes: z.int(), conflicts: z.array(undoConflict) };

export const settingsUndone = z
  .union([
    ...settingsApplied.options.map((option) => option.extend(undo)),
    z.object({ outcome: z.literal("nothing"), undoes: z.int(), saved: z.literal(false) }),
  ])
  .meta({ id: "SettingsUndone" });

/** A revision as history lists it. */
export const revision = z
  .object({
    number: z.int(),
    author: z.string(),
    origin: z.string(),
    reason: z.string(),
    createdAt: instant,
    sentences: z.array(z.string()),
    undoes: z.int().nullable(),
    undoneBy: z.int().nullable(),
    outcome: z.string().nullable().describe("how the last attempt at it ended"),
  })
  .meta({ id: "Revision" });
export type RevisionJson = z.infer<typeof revision>;

export const revisionShown = z
  .object({ ...revision.shape, settings: settingsValues, changes: z.array(settingChange) })
  .meta({ id: "RevisionShown" });
