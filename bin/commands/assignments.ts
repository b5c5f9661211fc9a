import { UsageError } from "./output";

/** Reads `key=value` arguments; a value may be empty and may hold further signs of equality. */
export function parseAssignments(assignments: readonly string[]): Record<string, string> {
  const patch: Record<string, string> = {};
  for (const assignment of assignments) {
    const at = assignment.indexOf("=");
    if (at < 1) throw new UsageError(`"${assignment}" is not of the form key=value, for instance pop3=off.`);
    const key = assignment.slice(0, at);
    if (Object.hasOwn(patch, key)) throw new UsageError(`${key} is set twice.`);
    patch[key] = assignment.slice(at + 1);
  }
  return patch;
}
