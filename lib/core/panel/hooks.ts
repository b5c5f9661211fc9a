import { z } from "zod";
import type { OptionGroup } from "./option";
import { webhookAddress } from "./webhook-address";
import { wholeNumber } from "./whole-number";

const onOff = z.enum(["on", "off"]).transform((word) => word === "on");

/** Who is told of changes, and may refuse them. Programs lie in a folder of the host, and are not set here. */
export const hookOptions = {
  label: "Hooks",
  help: "Who else is told of changes of settings and of accounts, and may refuse them. Programs are put into hooks/before.d and hooks/after.d of the panel's folder, on the host (docs/hooks.md).",
  options: {
    webhookUrl: {
      label: "Webhook",
      help: "Where changes are posted to as JSON, beginning with https://; empty for nowhere.",
      type: "text",
      default: "",
      schema: webhookAddress,
    },
    webhookSecret: {
      label: "Signing secret of the webhook",
      help: "Signs each message (HMAC-SHA256), so that the receiver knows whom it is from.",
      type: "secret",
      default: "",
      schema: z.string().max(1000, "Enter at most 1000 characters."),
    },
    webhookAsks: {
      label: "Ask the webhook beforehand",
      help: "On, it is asked before each change too, and may refuse it with a sentence. Off, it is told afterwards only.",
      type: "switch",
      default: "off",
      schema: onOff,
    },
    timeoutSeconds: {
      label: "Wait for a hook",
      help: "Seconds, from 1 to 60. Whoever makes a change waits so long for each that is asked beforehand.",
      type: "number",
      default: "10",
      schema: wholeNumber("seconds", 1, 60),
    },
    whenAskingFails: {
      label: "When a hook that is asked fails",
      help: "It does not answer in time, can't be reached or crashes.",
      type: "choice",
      choices: [
        { value: "refuse", label: "Refuse the change" },
        { value: "go-on", label: "Make the change all the same" },
      ],
      default: "refuse",
      schema: z.enum(["refuse", "go-on"], "Choose refuse or go-on."),
    },
  },
} as const satisfies OptionGroup;
