import { EFFECTIVE_SETTINGS } from "../dovecot/effective";
import { SITE_SETTINGS } from "../dovecot/target";
import { settings } from "./catalogue";

/** Of TLS, what the checks look at: 2.3's names and 2.4's. */
const TLS_SETTINGS = [
  "ssl",
  "ssl_cert",
  "ssl_key",
  "ssl_server_cert_file",
  "ssl_server_key_file",
  "ssl_cipher_list",
  "ssl_cipher_suites",
  "ssl_min_protocol",
] as const;

/**
 * Everything that `doveconf` is asked for by name. What a version doesn't know it passes over in silence. Blocks are
 * asked for whole.
 */
export const ASKED: readonly string[] = [
  ...new Set([
    ...EFFECTIVE_SETTINGS,
    ...SITE_SETTINGS,
    ...TLS_SETTINGS,
    "mail_plugin_dir",
    ...settings.flatMap(({ places }) =>
      [...places["2.3"], ...places["2.4"]].map(({ block, name }) => block[0]?.[0] ?? name),
    ),
    // What a protocol hasn't of its own it has from here.
    ...settings.flatMap(({ places }) =>
      [...places["2.3"], ...places["2.4"]].flatMap(({ block, name }) =>
        block[0]?.[0] === "protocol" ? [name] : [],
      ),
    ),
  ]),
];
