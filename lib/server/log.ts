import { pino } from "pino";

/** One JSON line an event on standard output; `npm start` keeps them in panel.log. No secret goes in here. */
export const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime });
