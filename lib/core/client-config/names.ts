/** A host's name as DNS has it: labels of letters, digits and inner hyphens (RFC 1123), at most 253 characters. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))+$/i.test(text);
}

/** A domain as DNS has it, in lower case and with its other scripts in their ASCII form; undefined where it can't be in DNS. */
export function dnsName(domain: string): string | undefined {
  // A URL reads "a/b", "a:1" and "a?b" as something else.
  if (/[\s/\\?#:@%[\]]/.test(domain)) return undefined;
  try {
    const { hostname } = new URL(`http://${domain}/`);
    return isHostName(hostname) && !/^[\d.]+$/.test(hostname) ? hostname : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a certificate with these names is good for a host (RFC 6125: a wildcard stands for one whole label). */
export function isCovered(host: string, names: readonly string[]): boolean {
  const parent = host.slice(host.indexOf("."));
  return names.some((name) => name === host || (name.startsWith("*.") && name.slice(1) === parent));
}

export interface NamedHost {
  host: string;
  /** What it was taken from: the setting, a name in the server's certificate, or `mail.` and the domain. */
  from: "setting" | "certificate" | "domain";
  /** Whether the server's certificate is good for it; null where that can't be read. */
  isCovered: boolean | null;
}

/**
 * The name by which mail programs are to reach the mail server. `set` is the setting, "" where none; `names` are those of
 * the server's certificate, null where it can't be read. Undefined where there is none that DNS could have.
 */
export function mailHost(
  domain: string,
  set: string,
  names: readonly string[] | null,
): NamedHost | undefined {
  const told = (host: string, from: NamedHost["from"]) => ({
    host,
    from,
    isCovered: names && isCovered(host, names),
  });
  if (set !== "") return told(set, "setting");
  const zone = dnsName(domain);
  const own = zone ? `mail.${zone}` : undefined;
  if (own && (names === null || isCovered(own, names))) return told(own, "domain");
  const named = names?.find((name) => isHostName(name));
  if (named) return told(named, "certificate");
  return own ? told(own, "domain") : undefined;
}
