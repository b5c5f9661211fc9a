import { z } from "zod";
import type { FieldProblem } from "../settings/schema";
import type { OptionGroup, ValuesOf } from "./option";
import { isLoopback, webhookAddress } from "./webhook-address";
import { wholeNumber } from "./whole-number";

const LONGEST = 1000;
const MOST_RECIPIENTS = 20;
const LEAST_TOKEN = 16;

const short = z.string().trim().max(LONGEST, `Enter at most ${LONGEST} characters.`);

const host = short.refine(
  (text) => text === "" || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) || z.ipv6().safeParse(text).success,
  "Enter a host name or an address, for instance smtp.example.net.",
);

const mailAddress = short.refine(
  (text) => text === "" || z.email().safeParse(text).success,
  "Enter one e-mail address, for instance panel@site.example.",
);

const mailAddresses = short.transform((text, context) => {
  const addresses = [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
  for (const address of addresses) {
    if (z.email().safeParse(address).success) continue;
    context.addIssue({ code: "custom", message: `${JSON.stringify(address)} is no e-mail address.` });
  }
  if (addresses.length > MOST_RECIPIENTS)
    context.addIssue({ code: "custom", message: `Enter at most ${MOST_RECIPIENTS} addresses.` });
  return addresses;
});

const printable = z
  .string()
  .max(LONGEST, `Enter at most ${LONGEST} characters.`)
  .regex(/^\P{Cc}*$/u, "Line breaks and control characters can't be used.");

/** Where a person is told of what stands, from when on, and who may read the figures. */
export const alertOptions = {
  label: "Alerts and monitoring",
  help: "Where a person is told when something needs one, and who may read figures and health.",
  options: {
    least: {
      label: "Tell of",
      help: "Alarms: mail is down, or people may get in who must not. Warnings: what becomes one, or differs from what is wanted.",
      type: "choice",
      choices: [
        { value: "warning", label: "Alarms and warnings" },
        { value: "alarm", label: "Alarms only" },
      ],
      default: "warning",
      schema: z.enum(["warning", "alarm"], "Choose alarm or warning."),
    },
    settleSeconds: {
      label: "Tell after",
      help: "Seconds that it must have stood, and been gone before it is over, from 0 to 3600: what comes and goes at once is not told.",
      type: "number",
      default: "60",
      schema: wholeNumber("seconds", 0, 3600),
    },
    repeatHours: {
      label: "Tell again after",
      help: "Hours while it stands, from 1 to 720; 0 tells once.",
      type: "number",
      default: "24",
      schema: wholeNumber("hours", 0, 720),
    },
    diskPercent: {
      label: "Mail volume is nearly full at",
      help: "Percent in use, from 50 to 99. At 98 it becomes an alarm.",
      type: "number",
      default: "90",
      schema: wholeNumber("percent", 50, 99),
    },
    certificateDays: {
      label: "Certificate ends soon with",
      help: "Days left, from 1 to 90.",
      type: "number",
      default: "21",
      schema: wholeNumber("days", 1, 90),
    },
    webhookUrl: {
      label: "Webhook address",
      help: "Gets each message as JSON, which Slack, Mattermost and Rocket.Chat take as it is. Treated as a secret: many have their key in it.",
      type: "secret",
      default: "",
      schema: webhookAddress,
    },
    webhookSecret: {
      label: "Webhook signing secret",
      help: "Signs each message, in the header X-Portcullis-Signature, so that the receiver knows who sent it.",
      type: "secret",
      default: "",
      schema: printable,
    },
    smtpHost: {
      label: "SMTP server",
      help: "Sends the e-mail. Choose another than this one: its message must get through when mail is down here.",
      type: "text",
      default: "",
      schema: host,
    },
    smtpPort: {
      label: "SMTP port",
      help: "587 with STARTTLS, 465 with TLS, 25 for a relay.",
      type: "number",
      default: "587",
      schema: wholeNumber("port", 1, 65_535),
    },
    smtpSecurity: {
      label: "SMTP encryption",
      help: "Never goes on in cleartext where TLS was chosen and the server doesn't offer it, nor with a certificate that isn't the server's.",
      type: "choice",
      choices: [
        { value: "starttls", label: "STARTTLS" },
        { value: "tls", label: "TLS from the first byte" },
        { value: "none", label: "None" },
      ],
      default: "starttls",
      schema: z.enum(["starttls", "tls", "none"], "Choose starttls, tls or none."),
    },
    smtpUser: {
      label: "SMTP user",
      help: "Empty where the server wants no sign-in.",
      type: "text",
      default: "",
      schema: short.pipe(printable),
    },
    smtpPassword: {
      label: "SMTP password",
      help: "Belongs to the user.",
      type: "secret",
      default: "",
      schema: printable,
    },
    mailFrom: {
      label: "E-mail from",
      help: "The sender's address; the SMTP server must let it through.",
      type: "text",
      default: "",
      schema: mailAddress,
    },
    mailTo: {
      label: "E-mail to",
      help: `Up to ${MOST_RECIPIENTS} addresses with blanks between. Choose mailboxes that are not on this server.`,
      type: "text",
      default: "",
      schema: mailAddresses,
    },
    metricsToken: {
      label: "Monitoring token",
      help: `Opens /api/metrics and /api/health/mail to whoever sends it as a bearer token; ${LEAST_TOKEN} characters or more. Empty keeps them closed.`,
      type: "secret",
      default: "",
      schema: z
        .string()
        .max(LONGEST, `Enter at most ${LONGEST} characters.`)
        .regex(/^[\x21-\x7e]*$/, "Use letters, digits and signs without blanks.")
        .refine(
          (text) => text === "" || text.length >= LEAST_TOKEN,
          `Enter ${LEAST_TOKEN} characters or more.`,
        ),
    },
  },
  together: problemsTogether,
} as const satisfies OptionGroup;

/** Everything that is set about alerts. */
export type AlertSettings = ValuesOf<typeof alertOptions>;

interface Sending {
  smtpHost?: unknown;
  smtpSecurity?: unknown;
  smtpUser?: unknown;
  smtpPassword?: unknown;
  mailFrom?: unknown;
  mailTo?: unknown;
}

function problemsTogether(values: Sending): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { smtpHost, smtpSecurity, smtpUser, smtpPassword, mailFrom, mailTo } = values;
  const hasRecipients = Array.isArray(mailTo) && mailTo.length > 0;
  if (smtpHost === "" && hasRecipients)
    problems.push({ key: "smtpHost", message: "E-mail needs a server that sends it." });
  if (smtpHost !== "" && mailFrom === "")
    problems.push({ key: "mailFrom", message: "Enter the address that e-mail comes from." });
  if (smtpHost !== "" && !hasRecipients)
    problems.push({ key: "mailTo", message: "Enter the addresses that e-mail goes to." });
  if (smtpUser !== "" && smtpPassword === "")
    problems.push({ key: "smtpPassword", message: "Enter the password of the SMTP user." });
  if (smtpUser !== "" && smtpSecurity === "none" && !isLoopback(String(smtpHost)))
    problems.push({
      key: "smtpSecurity",
      message: "Without encryption the password could be read on its way: that goes for this machine only.",
    });
  return problems;
}
