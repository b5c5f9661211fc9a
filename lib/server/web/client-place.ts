import { headers } from "next/headers";
import { clientAddress, placeOf } from "./client-address";

/** Where the tries of a form are counted: the client's network address, or its network. */
export async function clientPlace(): Promise<string> {
  const address = clientAddress(await headers());
  return address === undefined ? "unknown" : placeOf(address);
}
