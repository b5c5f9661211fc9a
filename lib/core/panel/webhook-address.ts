import { z } from "zod";

const LONGEST = 1000;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/** What is sent there doesn't leave this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Where messages are posted to; empty for nowhere. */
export const webhookAddress = z
  .string()
  .trim()
  .max(LONGEST, `Enter at most ${LONGEST} characters.`)
  .superRefine((text, context) => {
    if (text === "") return;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
    if (!url || !isSafe)
      context.addIssue({
        code: "custom",
        message:
          "Enter an address that begins with https://. http:// goes for this machine only (127.0.0.1).",
      });
    else if (url.username !== "" || url.password !== "")
      context.addIssue({
        code: "custom",
        message:
          "A name and password in the address are not sent. Use the signing secret, or a path that is secret.",
      });
  });
