import { headers } from "next/headers";

/** The client's network address. `bin/serve/client-address.mjs` has put it there, and nothing that a client says of itself. */
export async function clientPlace(): Promise<string> {
  return (await headers()).get("x-forwarded-for") ?? "unknown";
}
