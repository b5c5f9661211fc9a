import { isServedByTls } from "../served-by-tls";

/** How every cookie of ours is kept: not read by scripts, not sent along by other sites' forms. `maxAge` in seconds. */
export function cookieFor(maxAge: number) {
  return { httpOnly: true, sameSite: "lax", secure: isServedByTls(), path: "/", maxAge } as const;
}
