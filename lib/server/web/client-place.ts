import { headers } from "next/headers";
import { clientAddress } from "./client-address";

/** Where the tries of a form are counted: the client's network address. */
export async function clientPlace(): Promise<string> {
  return clientAddress(await headers()) ?? "unknown";
}
