import { z } from "zod";
import type { Role } from "../operators/roles";
import type { OptionGroup, ValuesOf } from "./option";
import { wholeNumber } from "./whole-number";

const onOrOff = z.enum(["on", "off"]).transform((word) => word === "on");

/** How operators of the panel prove who they are. */
export const operatorOptions = {
  label: "Operators",
  help: "Who needs a second factor (a code of an app, or a passkey), and how often it is asked for again.",
  options: {
    secondFactorAdministrator: {
      label: "Administrators need a second factor",
      help: "On, an administrator without one is led to set it up right after signing in, and can do nothing else before.",
      type: "switch",
      default: "off",
      schema: onOrOff,
    },
    secondFactorOperator: {
      label: "Operators need a second factor",
      help: "The same for whoever has the role operator.",
      type: "switch",
      default: "off",
      schema: onOrOff,
    },
    secondFactorReviewer: {
      label: "Reviewers need a second factor",
      help: "The same for whoever has the role reviewer.",
      type: "switch",
      default: "off",
      schema: onOrOff,
    },
    confirmMinutes: {
      label: "Confirm again after",
      help: "Minutes, from 1 to 120, for which signing in or a confirmation counts when somebody changes operators, makes recovery codes or does something else that is risky.",
      type: "number",
      default: "15",
      schema: wholeNumber("minutes", 1, 120),
    },
  },
} as const satisfies OptionGroup;

/** Everything that is set about operators. */
export type OperatorSettings = ValuesOf<typeof operatorOptions>;

/** Whether a role may do nothing without a second factor. */
export function needsSecondFactor(settings: OperatorSettings, role: Role): boolean {
  return {
    administrator: settings.secondFactorAdministrator,
    operator: settings.secondFactorOperator,
    reviewer: settings.secondFactorReviewer,
  }[role];
}
