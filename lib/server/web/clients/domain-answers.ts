import { domainOf, parseAddress, parseDomain } from "@/lib/core/access/name";
import { MachineFailure } from "@/lib/core/apply/ports";
import { autoconfigXml } from "@/lib/core/client-config/autoconfig";
import { autodiscoverXml, OUTLOOK_SCHEMA } from "@/lib/core/client-config/autodiscover";
import { readAutodiscoverRequest } from "../../client-config/autodiscover-request";
import { isServed, type Told, toldOfDomain } from "../../client-config/config";
import { profileFor } from "../../client-config/profile";
import { serverFacts } from "../../client-config/server-facts";
import { log } from "../../log";
import { openNode } from "../../node";
import { recentStatus } from "../status";
import { takeTurn } from "./limits";
import { nothing, notNow, profile, shortBody, text, tooMany, xml } from "./responses";

/** Thunderbird's question, for everybody. */
export async function autoconfigAnswer(request: Request): Promise<Response> {
  const asked = askedIn(request);
  return await answer(asked?.domain, ({ config }) => config && xml(autoconfigXml(config)));
}

/** Apple's profile, for everybody: with an address in it if one was named, whether or not it exists. */
export async function profileAnswer(request: Request): Promise<Response> {
  const asked = askedIn(request);
  return await answer(asked?.domain, async (told) => {
    const wait = await takeTurn("profile");
    if (wait > 0) return tooMany(wait);
    const bytes = await profileFor(told, asked?.address ?? null);
    return bytes && profile(bytes);
  });
}

/** Outlook's question, for everybody. */
export async function autodiscoverAnswer(request: Request): Promise<Response> {
  const body = await shortBody(request);
  if (body === undefined) return text(413, "The question is too long.");
  const asked = readAutodiscoverRequest(body);
  if (!asked) return text(400, "The question can't be read.");
  const address = parseAddress(asked.address);
  const isOurs = asked.schema === "" || asked.schema === OUTLOOK_SCHEMA;
  if (!address.ok || !isOurs) return nothing();
  return await answer(
    domainOf(address.name),
    ({ config }) => config && xml(autodiscoverXml(config, address.name)),
  );
}

type Write = (told: Told) => Response | null | undefined | Promise<Response | null | undefined>;

/** Of the question only the domain counts: no mailbox is looked up, so that nothing tells whether it exists. */
async function answer(domain: string | undefined, write: Write): Promise<Response> {
  const wait = await takeTurn("answer");
  if (wait > 0) return tooMany(wait);
  const node = await openNode();
  if (domain === undefined || !(await isServed(node.db, domain))) return nothing();
  try {
    const status = await recentStatus();
    const facts = await serverFacts(node, status);
    // While the daemon is being restarted nothing is open, and that is nothing to set a program up by.
    if (!facts || !status.dovecot.running) return notNow();
    return (await write(await toldOfDomain(node.db, facts, domain))) ?? nothing();
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    log.warn({ err: error }, "Mail programs could not be answered");
    return notNow();
  }
}

/** The domain that is asked about: of the address, or else of the name by which the web server was reached. */
function askedIn(request: Request): { domain: string; address: string | null } | undefined {
  const given = new URL(request.url).searchParams.get("emailaddress");
  if (given) {
    const address = parseAddress(given);
    return address.ok ? { domain: domainOf(address.name), address: address.name } : undefined;
  }
  const host = (request.headers.get("host") ?? "")
    .replace(/:\d+$/, "")
    .replace(/^(?:autoconfig|autodiscover)\./i, "");
  const domain = parseDomain(host);
  return domain.ok ? { domain: domain.name, address: null } : undefined;
}
