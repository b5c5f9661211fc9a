import { z } from "zod";

const LONGEST = 4000;
const addressOrNetwork = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/** Addresses and networks as they are typed, with blanks or commas between. */
export const networkList: z.ZodType<string[], string> = z
  .string()
  .max(LONGEST, `Enter at most ${LONGEST} characters.`)
  .transform((text, context) => {
    const words = text.split(/[\s,]+/).filter(Boolean);
    for (const word of words) {
      if (addressOrNetwork.safeParse(word).success) continue;
      context.addIssue({
        code: "custom",
        message: `${JSON.stringify(word)} is no address or network. Enter for instance 192.0.2.7 or 2001:db8::/32.`,
      });
    }
    return words;
  });
