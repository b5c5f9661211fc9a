import { z } from "zod";
import { isHostName } from "../client-config/names";
import type { OptionGroup } from "./option";

const PORTS = { min: 1, max: 65_535 };
const LINK_DAYS = { min: 1, max: 90 };

const hostName = z
  .string()
  .trim()
  .transform((text) => text.replace(/\.$/, "").toLowerCase())
  .refine(
    (name) => name === "" || isHostName(name),
    "Enter the name of a host, for instance mail.site.example.",
  );

const wholeNumber = ({ min, max }: { min: number; max: number }, unit: string) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,5}$/, `Enter ${min} to ${max}${unit}.`)
    .transform(Number)
    .refine((number) => number >= min && number <= max, `Enter ${min} to ${max}${unit}.`);

const filePath = z
  .string()
  .trim()
  .max(1000, "Keep the path under 1000 characters.")
  .refine((path) => path === "" || /^\/\P{Cc}+$/u.test(path), "Enter a whole path, from / on.");

/** `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353`. */
const resolverAddress = z
  .string()
  .trim()
  .refine(
    (text) => text === "" || isAddress(text) || isAddressWithPort(text),
    "Enter the address of a resolver, for instance 192.0.2.53 or [2001:db8::53]:5353.",
  );

function isAddress(text: string): boolean {
  return z.union([z.ipv4(), z.ipv6()]).safeParse(text).success;
}

function isAddressWithPort(text: string): boolean {
  const [, v6, v4, port] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(text) ?? [];
  const isPort = Number(port) >= PORTS.min && Number(port) <= PORTS.max;
  return isPort && (v6 === undefined ? z.ipv4().safeParse(v4).success : z.ipv6().safeParse(v6).success);
}

/** What mail programs are told, and by whom. */
export const clientOptions = {
  label: "Mail programs",
  help: "What Thunderbird, Outlook, Apple Mail and DNS are told of this server. Ports and TLS are not set here: they are what the server has.",
  options: {
    host: {
      label: "Name of the mail server",
      help: "By which mail programs reach it. Empty: mail. and the domain where the server's certificate is good for that, else the first name in the certificate.",
      type: "text",
      default: "",
      schema: hostName,
    },
    order: {
      label: "Preferred protocol",
      help: "Which one programs are told first. Most take the first.",
      type: "choice",
      choices: [
        { value: "imap", label: "IMAP, then POP3" },
        { value: "pop3", label: "POP3, then IMAP" },
      ],
      default: "imap",
      schema: z.enum(["imap", "pop3"], "Choose imap or pop3."),
    },
    provider: {
      label: "Name of the provider",
      help: "As programs show it. Empty: the domain.",
      type: "text",
      default: "",
      schema: z.string().trim().max(100, "Keep the name under 100 characters."),
    },
    outgoingHost: {
      label: "Outgoing server",
      help: "Where programs hand mail in; Portcullis doesn't run it. Empty: none is told; programs then ask for it or take none of the rest, and Apple devices get no profile.",
      type: "text",
      default: "",
      schema: hostName,
    },
    outgoingPort: {
      label: "Outgoing server: port",
      help: "465 with TLS from the first byte, 587 with STARTTLS.",
      type: "number",
      default: "465",
      schema: wholeNumber(PORTS, ""),
    },
    outgoingSecurity: {
      label: "Outgoing server: protection",
      help: "As the server at that port has it.",
      type: "choice",
      choices: [
        { value: "tls", label: "TLS from the first byte" },
        { value: "starttls", label: "STARTTLS" },
        { value: "none", label: "None" },
      ],
      default: "tls",
      schema: z.enum(["tls", "starttls", "none"], "Choose tls, starttls or none."),
    },
    webHost: {
      label: "Name of the web server for automatic set-up",
      help: "The one that passes questions on to this panel; records in DNS point there. Empty: the mail server's.",
      type: "text",
      default: "",
      schema: hostName,
    },
    resolver: {
      label: "Resolver to ask what DNS says",
      help: "Its address, with a port if that isn't 53. It is asked only when somebody presses the button on a domain's page. Empty: DNS is not asked.",
      type: "text",
      default: "",
      schema: resolverAddress,
    },
    signCertificate: {
      label: "Certificate to sign Apple profiles with",
      help: "Path of a PEM file, the certificate first and then those above it. Empty: profiles are not signed, and devices say so.",
      type: "text",
      default: "",
      schema: filePath,
    },
    signKey: {
      label: "Key of that certificate",
      help: "Path of a PEM file without a passphrase, which the panel's user may read.",
      type: "text",
      default: "",
      schema: filePath,
    },
    linkDays: {
      label: "Links to an account's own set-up are good for",
      help: "Days, from 1 to 90.",
      type: "number",
      default: "7",
      schema: wholeNumber(LINK_DAYS, " days"),
    },
  },
  together({ signCertificate, signKey }) {
    if ((signCertificate === "") === (signKey === "")) return [];
    const key = signKey === "" ? "signKey" : "signCertificate";
    return [{ key, message: "Certificate and key are needed together: set both, or neither." }];
  },
} as const satisfies OptionGroup;
