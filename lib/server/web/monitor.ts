import { createHash, timingSafeEqual } from "node:crypto";
import { database } from "../database/client";
import { log } from "../log";
import { mailHealth } from "../mailserver/health";
import { figuresOf } from "../metrics/figures";
import { metricsText } from "../metrics/registry";
import { openNode } from "../node";
import { panelSettings } from "../panel-settings";
import { recentStatus } from "./status";

const NO_STORE = { "cache-control": "no-store" };

/** Prometheus's figures for whoever has the monitoring token. A scrape shares its look at the ports with the pages. */
export async function metricsResponse(request: Request): Promise<Response> {
  return await forMonitor(request, async () => {
    const { contentType, text } = await metricsText(await figuresOf(await openNode(), await recentStatus()));
    return new Response(text, { headers: { "content-type": contentType, ...NO_STORE } });
  });
}

/** Whether mail is up, for a monitor that knows only status codes: 200 or 503. */
export async function mailHealthResponse(request: Request): Promise<Response> {
  return await forMonitor(request, async () => {
    const status = await recentStatus();
    const { up, reasons, protocols } = mailHealth(status);
    const body = {
      status: up ? "ok" : "failing",
      checkedAt: status.checkedAt.toISOString(),
      protocols,
      reasons,
    };
    return Response.json(body, { status: up ? 200 : 503, headers: NO_STORE });
  });
}

/** Answers only to the bearer of the token; where none is set, to nobody. */
async function forMonitor(request: Request, answer: () => Promise<Response>): Promise<Response> {
  const given = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  try {
    const { metricsToken } = (await panelSettings(database(), "alerts")).values;
    if (metricsToken !== "" && isSame(given, metricsToken)) return await answer();
  } catch (error) {
    log.error({ err: error }, "A monitor could not be answered");
    return Response.json(
      { status: "failing", reason: "Portcullis can't look: its log says why." },
      { status: 503, headers: NO_STORE },
    );
  }
  return Response.json(
    { reason: "This needs the monitoring token of the panel's settings, as a bearer token." },
    { status: 401, headers: { "www-authenticate": 'Bearer realm="Portcullis"', ...NO_STORE } },
  );
}

/** Takes as long for a token that is wrong in its first letter as for one that is wrong in its last. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
