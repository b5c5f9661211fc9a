import { z } from "zod";
import { LONGEST_NOTE } from "./note";

/** Line ends and tabs are part of a text; what else steers a terminal is not. */
const STEERING = /[^\P{Cc}\n\t]/u;

export const noteText = z
  .string()
  .transform((text) => text.replace(/\r\n?/g, "\n").trim())
  .pipe(
    z
      .string()
      .min(1, "Write what is to be noted.")
      .max(LONGEST_NOTE.text, `Keep the note under ${LONGEST_NOTE.text.toLocaleString("en")} characters.`)
      .refine((text) => !STEERING.test(text), "It holds characters that nobody can see. Type it anew."),
  );

export const noteTicket = z
  .string()
  .trim()
  .max(LONGEST_NOTE.ticket, `Keep the ticket under ${LONGEST_NOTE.ticket} characters.`)
  .refine((text) => !/\p{Cc}/u.test(text), "It holds characters that nobody can see. Type it anew.")
  .default("");
