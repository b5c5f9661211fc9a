/** The zone in which this server tells and reads times (IANA). */
export function serverZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** An instant as a field of date and time has it, in the server's zone: `2026-11-27T18:00`. */
export function localInput(iso: string): string {
  // Swedish writes ISO 8601.
  return new Date(iso).toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short" }).replace(" ", "T");
}
