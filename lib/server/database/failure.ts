/** What a database that can't be used says, in the operator's language; undefined for anything else. */
export function databaseFailure(error: unknown): string | undefined {
  const said =
    error instanceof Error
      ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`
      : "";
  return SENTENCES.find(([pattern]) => pattern.test(said))?.[1];
}

const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/database or disk is full/i, "The panel's database can't be written: there is no space left on its disk."],
  [
    /database is locked|SQLITE_BUSY|Operation has timed out|Unable to start a transaction/i,
    "The panel's database is locked by another program. Try again in a moment.",
  ],
  [
    /readonly database/i,
    "The panel's database may only be read: check the permissions of its file and folder.",
  ],
  [/disk I\/O error/i, "The disk of the panel's database reports an error."],
  [/malformed|not a database/i, "The panel's database is damaged. Restore it from a backup."],
  [
    /no such table|no such column/i,
    'The panel\'s database is older than this program: run "npm start" once, which brings it up to date.',
  ],
];
