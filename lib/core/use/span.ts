import { z } from "zod";

/** How far back a chart goes. */
export const SPANS = ["day", "week", "month"] as const;
export type Span = (typeof SPANS)[number];

/** The last day where nothing that can be used is asked for. */
export const spanField = z.enum(SPANS).catch("day");

/** How long each is, and how far two of its points are apart, in seconds. */
export const SPAN_S: Readonly<Record<Span, { length: number; step: number }>> = {
  day: { length: 86_400, step: 900 },
  week: { length: 7 * 86_400, step: 3600 },
  month: { length: 30 * 86_400, step: 4 * 3600 },
};
