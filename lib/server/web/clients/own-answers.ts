import { MachineFailure } from "@/lib/core/apply/ports";
import { autoconfigXml } from "@/lib/core/client-config/autoconfig";
import { type OwnClients, ownClients } from "../../client-config/account-clients";
import { profileFor } from "../../client-config/profile";
import { log } from "../../log";
import { openNode } from "../../node";
import { recentStatus } from "../status";
import { takeTurn } from "./limits";
import { nothing, notNow, profile, tooMany, xml } from "./responses";

/** What a link shows; undefined where it isn't good. */
export async function linkedClients(token: string): Promise<OwnClients | undefined> {
  return await ownClients(await openNode(), token, recentStatus);
}

/** An account's own Apple profile. */
export async function ownProfileAnswer(token: string): Promise<Response> {
  const own = await linkedClients(token);
  if (!own) return nothing();
  if (!own.told) return notNow();
  const wait = await takeTurn("profile");
  if (wait > 0) return tooMany(wait);
  try {
    const bytes = await profileFor(own.told, own.address);
    return bytes ? profile(bytes) : nothing();
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    log.warn({ err: error }, "A profile could not be given out");
    return notNow();
  }
}

/** An account's own configuration for Thunderbird. */
export async function ownAutoconfigAnswer(token: string): Promise<Response> {
  const own = await linkedClients(token);
  if (!own) return nothing();
  if (!own.told) return notNow();
  return own.told.config ? xml(autoconfigXml(own.told.config, own.address)) : nothing();
}
