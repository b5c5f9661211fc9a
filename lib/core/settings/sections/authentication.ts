import { valueAt } from "../../dovecot/config";
import { hasSignInFacts, withoutOurs, withSignInFacts } from "../../use/elements";
import { duration, integer, size } from "../kinds/number";
import { place, set } from "../kinds/spec";
import { switchSetting } from "../kinds/switch";
import { section } from "../setting";
import { spareUnderLimit } from "./spare";

/** The processes that greet, speak TLS and ask for the password, before anybody's mail is opened. */
const login = (name: string) => [
  place(name, ["service", "imap-login"]),
  place(name, ["service", "pop3-login"]),
];

const LOGIN_PROCESSES = {
  spare: "login_spare_processes",
  most: "login_max_processes",
  services: ["imap-login", "pop3-login"],
};

const LOG_ELEMENTS = place("login_log_format_elements");

const WITHOUT_CACHE = {
  when: (values: Readonly<Record<string, unknown>>) => values.auth_cache_size_mb === 0,
  why: "Nothing is cached: the size of the authentication cache is 0.",
};

export const authentication = section({
  key: "authentication",
  label: "Authentication",
  settings: [
    switchSetting({
      key: "plaintext_auth",
      label: "Allow Plaintext Authentication (from remote clients)",
      help: "On, a mail program may send the password over a connection without TLS. Programs on this host may always.",
      default: false,
      risk: {
        level: "high",
        sentence: "On, passwords can be read on the way. Off, programs set up without TLS can't sign in.",
      },
      rules: [
        {
          severity: "warning",
          check: ({ plaintext_auth: on }) =>
            on === true
              ? "lets passwords cross the network in the clear, where others can read them"
              : undefined,
        },
        {
          severity: "error",
          with: ["tls_required"],
          check: ({ plaintext_auth: on, tls_required: required }, { site }) =>
            on === true && (required ?? site.tlsRequired) === true
              ? "can't be on while TLS is required for everything"
              : undefined,
        },
      ],
      written: { "2.3": { on: "no", off: "yes" }, "2.4": { on: "yes", off: "no" } },
      at: { "2.3": [place("disable_plaintext_auth")], "2.4": [place("auth_allow_cleartext")] },
    }),
    switchSetting({
      key: "weak_auth_schemes",
      label: "Allow Weak Authentication Schemes",
      help: "On, passwords stored as unsalted or outdated hashes still work. Off, their owners are told of a temporary failure, not of a wrong password.",
      default: false,
      since: "2.4",
      risk: {
        level: "high",
        sentence:
          "Off, people whose password is stored in a weak scheme can't sign in until it is set again.",
      },
      rules: [
        {
          severity: "warning",
          check: ({ weak_auth_schemes: on }) =>
            on === true ? "keeps stored passwords in use that are quickly guessed once they leak" : undefined,
        },
      ],
      at: { "2.4": [place("auth_allow_weak_schemes")] },
    }),
    size({
      key: "auth_cache_size_mb",
      label: "Size of Authentication Cache",
      help: "Remembers who signed in, so that the user database is asked less. 0 turns it off.",
      default: 0,
      range: { min: 0, max: 128 },
      risk: {
        level: "low",
        sentence:
          "Above 0, a changed password or a suspended account counts only when the remembered answer has expired.",
      },
      at: place("auth_cache_size"),
    }),
    duration({
      key: "auth_cache_ttl_s",
      label: "Time to Cache Successful Logins",
      help: "For how long a right password is remembered.",
      unit: "seconds",
      default: 3600,
      range: { min: 0, max: 604_800 },
      risk: { level: "low", sentence: "For so long an old password goes on working beside a new one." },
      idle: WITHOUT_CACHE,
      at: place("auth_cache_ttl"),
    }),
    duration({
      key: "auth_cache_failed_ttl_s",
      label: "Time to Cache Failed Logins",
      help: "For how long it is remembered that there is no such user. 0 forgets it at once.",
      unit: "seconds",
      default: 3600,
      range: { min: 0, max: 604_800 },
      risk: { level: "low", sentence: "For so long a new mailbox that somebody tried before can't be used." },
      idle: WITHOUT_CACHE,
      at: place("auth_cache_negative_ttl"),
    }),
    integer({
      key: "login_spare_processes",
      label: "Number of Spare Authentication Processes",
      help: "Kept waiting for each of IMAP and POP3, so that a rush of people finds somebody at the door.",
      unit: "processes",
      default: 2,
      dovecotDefault: "0",
      range: { min: 0, max: 100 },
      risk: { level: "low", sentence: "Each takes some 10 MB of memory." },
      rules: [spareUnderLimit("login_spare_processes", LOGIN_PROCESSES)],
      at: login("process_min_avail"),
    }),
    integer({
      key: "login_max_processes",
      label: "Maximum Number of Authentication Processes",
      help: "For each of IMAP and POP3. With one process for each connection it is how many people can be signing in at once.",
      unit: "processes",
      default: 50,
      dovecotDefault: "100",
      range: { min: 1, max: 10_000 },
      risk: { level: "high", sentence: "Too few, and people wait at the door or are turned away." },
      rules: [
        spareUnderLimit("login_max_processes", LOGIN_PROCESSES),
        {
          severity: "error",
          with: ["login_memory_mb"],
          check({ login_max_processes: most, login_memory_mb: each }, { memoryMb }) {
            if (typeof most !== "number" || typeof each !== "number" || memoryMb === undefined)
              return undefined;
            const whole = (count: number) => count.toLocaleString("en-GB");
            return most * each > memoryMb
              ? `times the process memory limit is ${whole(most * each)} MB, and this machine has ${whole(memoryMb)} MB`
              : undefined;
          },
        },
      ],
      at: login("process_limit"),
    }),
    size({
      key: "login_memory_mb",
      label: "Process Memory Limit for Authentication",
      help: "The address space of each of these processes; one that wants more is ended.",
      default: 128,
      dovecotDefault: "256",
      range: { min: 32, max: 4096 },
      risk: { level: "high", sentence: "Too little, and processes end while people sign in." },
      at: login("vsz_limit"),
    }),
    switchSetting({
      key: "login_process_per_connection",
      label: "Use New Authentication Process for Each Connection",
      help: "On, nobody shares a process with somebody else, which is safer. Off, a few processes serve all, which is faster and takes less memory.",
      default: false,
      dovecotDefault: "on",
      risk: {
        level: "low",
        sentence: "On, the maximum number of processes is also the number of people who can be signing in.",
      },
      written: { "2.3": { on: "1", off: "0" }, "2.4": { on: "1", off: "unlimited" } },
      at: { "2.3": login("service_count"), "2.4": login("restart_request_count") },
    }),
    switchSetting({
      key: "log_sign_in_security",
      label: "Log Port and TLS of Each Sign-In",
      help: "On, the lines about sign-ins that Dovecot logs anyway also say the port and the TLS version, before the session; where the log goes stays as it is.",
      default: true,
      dovecotDefault: "off",
      risk: {
        level: "low",
        sentence: "Off, TLS can't be told from STARTTLS, nor who would be shut out by a newer TLS version.",
      },
      at: LOG_ELEMENTS,
      render: (on, { target: { family, site } }) => [
        set(
          LOG_ELEMENTS,
          on ? withSignInFacts(site.loginElements, family) : withoutOurs(site.loginElements, family),
        ),
      ],
      read(tree, family) {
        const elements = valueAt(tree, LOG_ELEMENTS);
        return elements === undefined ? undefined : hasSignInFacts(elements, family);
      },
    }),
  ],
});
