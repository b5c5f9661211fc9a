import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout that these scripts belong to. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The one default: state lies in the checkout and goes with it (docs/decisions/002-state-in-the-checkout.md). */
export function setHome() {
  process.env.PORTCULLIS_HOME = resolve(process.env.PORTCULLIS_HOME || join(root, ".portcullis"));
  return process.env.PORTCULLIS_HOME;
}
