import { z } from "zod";
import { settingsNotApplied, undoConflict } from "./answers/mailserver";
import { ruleChange } from "./answers/rules";
import { settingChange } from "./answers/settings";

/** What can be wrong, by the last part of its `type`: the status, and what holds for all of the kind. */
export const PROBLEMS = {
  "bad-request": [400, "The request can't be read"],
  unauthorized: [401, "No token that is good"],
  "not-allowed": [403, "The token doesn't allow this"],
  "not-found": [404, "There is no such thing"],
  "method-not-allowed": [405, "This method isn't known here"],
  "in-progress": [409, "The same request is under way"],
  "not-possible": [409, "It can't be done as things are"],
  stale: [412, "Somebody changed it in between"],
  "too-large": [413, "The body is too large"],
  "not-json": [415, "The body must be JSON"],
  invalid: [422, "A value can't be used"],
  refused: [422, "Refused before anything was touched"],
  "key-reused": [422, "The Idempotency-Key belongs to another request"],
  "not-in-force": [424, "The mail daemon didn't take it"],
  "if-match-missing": [428, "Say what it is a change of"],
  "rate-limited": [429, "Too many requests"],
  failed: [500, "Portcullis failed"],
  unavailable: [503, "It can't be done now"],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemKind = keyof typeof PROBLEMS;

export const problemKinds = Object.keys(PROBLEMS) as ProblemKind[];

/** Where a kind is explained. */
export function problemType(kind: ProblemKind): string {
  return `/api/v1/docs#problem-${kind}`;
}

/** Problem details after RFC 9457, for every error. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("a sentence for a person"),
    instance: z.string().optional().describe("an id by which the panel's log has more"),
    errors: z
      .array(z.object({ field: z.string(), detail: z.string() }))
      .optional()
      .describe("each field that can't be used"),
    etag: z.string().optional().describe("with 412: what it is now"),
    difference: z
      .union([
        z.object({ changes: z.array(ruleChange) }).describe("of rules: what was changed since"),
        z.object({ theirs: z.array(settingChange), yours: z.array(settingChange) }).describe("of settings"),
        z.object({ state: z.string() }).describe("of a job"),
        z.object({ conflicts: z.array(undoConflict) }).describe("of an undo: changed again since"),
      ])
      .optional()
      .describe("with 412: what was changed since the version in If-Match"),
    result: settingsNotApplied.optional().describe("of settings: what came of it"),
  })
  .meta({ id: "Problem" });

export type ProblemJson = z.infer<typeof problemSchema>;
