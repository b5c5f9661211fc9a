import { integer, size } from "../kinds/number";
import { place } from "../kinds/spec";
import { section } from "../setting";

/** The processes that work on the mail of one signed-in person each. */
const mail = (name: string) => [place(name, ["service", "imap"]), place(name, ["service", "pop3"])];

export const mailProcesses = section({
  key: "mail_processes",
  label: "Mail processes",
  settings: [
    integer({
      key: "mail_max_processes",
      label: "Maximum Number of Mail Processes",
      help: "For each of IMAP and POP3; one for every signed-in connection that isn't hibernating.",
      unit: "processes",
      default: 512,
      dovecotDefault: "1024",
      range: { min: 1, max: 65_535 },
      risk: { level: "high", sentence: "Too few, and people can't sign in while others are." },
      at: mail("process_limit"),
    }),
    size({
      key: "mail_memory_mb",
      label: "Process Memory Limit for Mail",
      help: "The address space of each of these processes; one that wants more is ended. Big mailboxes need more.",
      default: 512,
      dovecotDefault: "256",
      range: { min: 128, max: 65_536 },
      risk: { level: "high", sentence: "Too little, and people with big mailboxes can't open them." },
      at: mail("vsz_limit"),
    }),
    size({
      key: "config_memory_mb",
      label: "Process Memory Limit: config",
      help: "Of the one process that reads the configuration and serves it to the others. Servers with thousands of certificates need more.",
      default: 2048,
      dovecotDefault: "256",
      range: { min: 128, max: 65_536 },
      risk: { level: "high", sentence: "If it ends for want of memory, no new process of Dovecot starts." },
      rules: [
        {
          severity: "warning",
          check: ({ config_memory_mb: mb }) =>
            typeof mb === "number" && mb < 512 ? `is ${mb} MB; 512 or more are advised` : undefined,
        },
      ],
      at: place("vsz_limit", ["service", "config"]),
    }),
    integer({
      key: "imap_max_connections",
      label: "Maximum IMAP Connections per User and IP",
      help: "From one address for one mailbox. A mail program opens some for itself, one for each folder it watches.",
      unit: "connections",
      default: 20,
      dovecotDefault: "10",
      range: { min: 1, max: 9999 },
      risk: { level: "low", sentence: "Too few, and mail programs complain of too many connections." },
      protocols: ["imap"],
      at: place("mail_max_userip_connections", ["protocol", "imap"]),
    }),
    integer({
      key: "pop3_max_connections",
      label: "Maximum POP3 Connections per User and IP",
      help: "From one address for one mailbox. One is all that a mail program needs.",
      unit: "connections",
      default: 3,
      dovecotDefault: "10",
      range: { min: 1, max: 9999 },
      risk: { level: "low", sentence: "Too few, and people who share a mailbox get in each other's way." },
      protocols: ["pop3"],
      at: place("mail_max_userip_connections", ["protocol", "pop3"]),
    }),
  ],
});
