import { BlockList, isIP } from "node:net";

/** Bits of an address by its family. */
const BITS = { 4: 32, 6: 128 } as const;

/**
 * Where a request came from. The web server's start writes the address of the connection into a header that nobody else knows
 * the name of (bin/serve/front-door.mjs). What X-Forwarded-For adds is believed only as far as it was written by proxies
 * named in PORTCULLIS_TRUSTED_PROXIES. Undefined where it isn't known.
 */
export function clientAddress(
  headers: Pick<Headers, "get">,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const own = environment.PORTCULLIS_PEER_HEADER;
  const peer = plain(own ? headers.get(own) : null);
  if (peer === undefined) return undefined;
  const trusted = proxiesIn(environment.PORTCULLIS_TRUSTED_PROXIES ?? "");
  const path = (headers.get("x-forwarded-for") ?? "").split(",");
  let address = peer;
  // Each proxy adds whom it was asked by at the end: backwards, as long as the one that says so is ours.
  while (path.length > 0 && isAmong(trusted, address)) {
    const before = plain(path.pop() ?? null);
    if (before === undefined) break;
    address = before;
  }
  return address;
}

/**
 * Where the tries of somebody are counted: his address; of IPv6 his network (/64), since whoever has one address of it has all.
 */
export function placeOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const words = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : 8 - words.length - tail.split(":").filter(Boolean).length;
  const network = [...words, ...Array.from({ length: missing }, () => "0"), ...(tail ?? "").split(":")];
  return `${network
    .slice(0, 4)
    .map((word) => Number.parseInt(word || "0", 16).toString(16))
    .join(":")}::/64`;
}

/** Addresses and networks, with blanks or commas between; a word that is neither is refused at the start of the panel. */
function proxiesIn(text: string): BlockList {
  const list = new BlockList();
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    const [address = "", bits] = word.split("/", 2);
    const family = isIP(address);
    if (family === 0) continue;
    const prefix = Number(bits ?? BITS[family as 4 | 6]);
    list.addSubnet(address, prefix, family === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

function isAmong(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** An address as people write it, without port and without the way in which IPv6 sockets spell IPv4. */
function plain(text: string | null): string | undefined {
  const trimmed = (text ?? "").trim().toLowerCase();
  const bare = /^\[(.*)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  const address = bare.replace(/^::ffff:(?=\d+\.)/, "").replace(/%.*$/, "");
  return isIP(address) === 0 ? undefined : address;
}
