import { nextCookies } from "better-auth/next-js";
import { makeAuth } from "../operators/auth";

function withCookies() {
  // Last, so that it sees the cookies of the others.
  return makeAuth([nextCookies()]);
}

const shared = globalThis as { portcullisAuth?: ReturnType<typeof withCookies> };

/** One instance a process, made at the first request: a build has no home to read a secret from. */
export function auth(): ReturnType<typeof withCookies> {
  shared.portcullisAuth ??= withCookies();
  return shared.portcullisAuth;
}
