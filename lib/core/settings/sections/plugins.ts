import type { Directive } from "../../dovecot/directive";
import type { RenderTarget } from "../../dovecot/target";
import type { Family } from "../../dovecot/version";
import { place, set } from "../kinds/spec";

/**
 * Loads a plugin for everybody. A protocol with a list of its own doesn't see what is added for all, so it is added
 * there too: mail that LMTP compressed and IMAP can't read is mail lost (measured on 2.3 and 2.4).
 */
export function loadPlugin({ family, site }: RenderTarget, names: Record<Family, string>): Directive[] {
  const scopes = [[], ...site.pluginProtocols.map((protocol) => [["protocol", protocol] as const])];
  return scopes.map((block) =>
    family === "2.3"
      ? { kind: "append", block, name: "mail_plugins", word: names["2.3"] }
      : set(place(names["2.4"], ...block, ["mail_plugins"]), true),
  );
}
