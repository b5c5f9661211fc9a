import { isIP } from "node:net";
import { headers } from "next/headers";
import type { PasskeySite } from "../operators/passkeys";

/** Where passkeys can be used, and whether the panel is open there now. */
export interface PasskeyPlace {
  /** Null where the panel has no name that a passkey could be good for. */
  site: PasskeySite | null;
  isHere: boolean;
}

/** Browsers give passkeys to names, never to addresses: on this machine that is localhost. */
export async function passkeyPlace(): Promise<PasskeyPlace> {
  const url = new URL(process.env.PORTCULLIS_URL ?? "http://127.0.0.1");
  if (/^(?:127\..*|\[::1\])$/.test(url.hostname)) url.hostname = "localhost";
  const isName = isIP(url.hostname.replace(/^\[|\]$/g, "")) === 0;
  const isSafe = url.protocol === "https:" || url.hostname === "localhost";
  if (!isName || !isSafe) return { site: null, isHere: false };
  const site = { name: url.hostname, origin: url.origin };
  const asked = await headers();
  // After an action that redirects, Next asks itself for the page, by the address that it listens on.
  const host = asked.get("x-forwarded-host") ?? asked.get("host");
  return { site, isHere: host === url.host };
}

/** The site, for actions: passkeys only where the panel is open under that name. */
export async function passkeySite(): Promise<PasskeySite | undefined> {
  const { site, isHere } = await passkeyPlace();
  return site && isHere ? site : undefined;
}
