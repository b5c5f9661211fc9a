import { type Bearer, bearerOf } from "../../api/bearer";
import { database } from "../../database/client";
import { takeStrangersTurn, takeTurn } from "./limits";
import { Problem } from "./problem";

export interface Authenticated {
  bearer: Bearer;
  /** For every answer: how many requests are left. */
  headers: Record<string, string>;
}

/**
 * Whoever asks, by the token in the Authorization header and by nothing else: no cookie is looked at, so no other site can make
 * a browser ask.
 */
export async function authenticate(request: Request): Promise<Authenticated> {
  const secret = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const bearer = secret === undefined ? undefined : await bearerOf(database(), secret);
  if (!bearer) {
    const turn = await takeStrangersTurn();
    if (!turn.isGiven) throw tooMany(turn.headers);
    // The same for a token that never was, is over, or was revoked.
    throw new Problem(
      "unauthorized",
      "Send a token that is good: Authorization: Bearer pcl_…",
      {},
      { "www-authenticate": 'Bearer realm="Portcullis"' },
    );
  }
  const turn = await takeTurn(bearer.tokenId);
  if (!turn.isGiven) throw tooMany(turn.headers);
  return { bearer, headers: turn.headers };
}

function tooMany(headers: Record<string, string>): Problem {
  return new Problem("rate-limited", `Wait ${headers["retry-after"]} seconds, then try again.`, {}, headers);
}
