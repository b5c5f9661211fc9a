import { z } from "zod";
import { instant } from "./instant";

/** What somebody wrote beside an account or a domain. */
export const note = z
  .object({
    id: z.int(),
    text: z.string(),
    ticket: z.string().describe("of a ticket elsewhere; may be empty"),
    actor: z.string(),
    at: instant,
  })
  .meta({ id: "Note" });

export const notes = z.object({ items: z.array(note) });
