import type { OptionGroup } from "./option";
import { wholeNumber } from "./whole-number";

/** Shortest time for which the audit is kept, in days: nobody gets rid of his tracks by a setting. */
const LEAST_AUDIT_DAYS = 90;

/** How long the audit is kept. */
export const auditOptions = {
  label: "Audit",
  help: "How long it is kept who did what. Nobody can remove an entry before that, and changing it is an entry itself.",
  options: {
    keepDays: {
      label: "Keep entries for",
      help: `Days, from ${LEAST_AUDIT_DAYS} to 36500. What is older is removed once a day, as long as the audit is seen to be whole; a mark of the last one stays, so that the rest can still be verified.`,
      type: "number",
      default: "730",
      schema: wholeNumber("days", LEAST_AUDIT_DAYS, 36_500),
    },
  },
} as const satisfies OptionGroup;
