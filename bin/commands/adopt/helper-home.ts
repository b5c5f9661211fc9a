import { DEFAULT_HELPER_HOME } from "@/lib/server/adopt/custody";

/** The helper's folder where none is named. Root's own environment says it, nothing that the panel's user could write. */
export function helperHome(): string {
  return process.env.PORTCULLIS_HELPER_HOME || DEFAULT_HELPER_HOME;
}
