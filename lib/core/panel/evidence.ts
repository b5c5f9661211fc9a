import { z } from "zod";
import { networkList } from "./networks";
import type { OptionGroup } from "./option";
import { wholeNumber } from "./whole-number";

/** What is kept of sign-ins, and how they are told apart. */
export const evidenceOptions = {
  label: "Use of accounts",
  help: "What is kept of who signed in, and for how long; and whether mailboxes are measured.",
  options: {
    webmail: {
      label: "Addresses of webmail",
      help: "Sign-ins from these count as webmail, not as a mail client: addresses or networks with blanks between, for instance 192.0.2.7 2001:db8::/32.",
      type: "text",
      default: "",
      schema: networkList,
    },
    addressDays: {
      label: "Keep client addresses for",
      help: "Days, up to 400. They are personal data: 0 keeps none, and removes those that are there.",
      type: "number",
      default: "30",
      schema: wholeNumber("days", 0, 400),
    },
    measure: {
      label: "Measure mailboxes",
      help: "On, Dovecot is asked one mailbox after another how much mail it holds, for the guide: one every few seconds, each about once a day where there are few.",
      type: "switch",
      default: "on",
      schema: z.enum(["on", "off"]).transform((word) => word === "on"),
    },
    useDays: {
      label: "Keep daily figures for",
      help: "Days, from 31 to 400, for each account. Its last sign-in and the sums of all are kept for longer.",
      type: "number",
      default: "90",
      schema: wholeNumber("days", 31, 400),
    },
  },
} as const satisfies OptionGroup;
