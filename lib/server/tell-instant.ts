/**
 * An instant in words, in the zone of the server that Portcullis runs on, which is named: whoever reads it on a page, at
 * a shell or in a file reads the same. `unixSeconds` since 1970.
 */
export function tellInstant(unixSeconds: number): string {
  return FORMAT.format(new Date(unixSeconds * 1000));
}

/** For instance Europe/London. */
export function serverZone(): string {
  return FORMAT.resolvedOptions().timeZone;
}

const FORMAT = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});
