import { z } from "zod";
import { foldName } from "../access/name";
import { urlQuery } from "../url-query";
import { SECURITIES } from "../use/security";

const LONGEST = 320;

const sessionQuerySchema = z.object({
  /** Any part of the name that signed in. */
  q: z.string().trim().max(LONGEST).transform(foldName).default(""),
  /** As Dovecot names it: imap, pop3, sieve. */
  protocol: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, "Name one protocol, for instance imap.")
    .optional(),
  /** How the client's address begins. */
  from: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[0-9a-f.:]{1,45}$/, "Enter an address or its beginning, for instance 192.0.2. or 2001:db8:.")
    .optional(),
  /** How it is kept from being read on the way; unknown where the log didn't tell. */
  security: z.enum([...SECURITIES, "unknown"]).optional(),
  /** Nothing came from it for so many minutes at least. */
  idle: z.coerce.number().int().min(1).max(100_000).optional(),
});

/** Which sessions a list shows. */
export type SessionQuery = z.infer<typeof sessionQuerySchema>;

export const sessionQuery = urlQuery(sessionQuerySchema);
