import { z } from "zod";

/** A whole number as it is typed, with the words for its unit: "days". */
export const wholeNumber = (unit: string, least: number, most: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,6}$/, `Enter a whole number of ${unit} from ${least} to ${most}.`)
    .transform(Number)
    .refine((number) => number >= least && number <= most, `Enter ${least} to ${most} ${unit}.`);
