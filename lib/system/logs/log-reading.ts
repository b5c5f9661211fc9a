/** A part of a log that nobody can read any more. */
export interface Missed {
  reason: string;
}

/** What one look at a log came to. */
export interface LogPart {
  /** Whole lines in their order, without their ends. `at` where the log keeps the instant beside the line. */
  lines: { text: string; atMs?: number }[];
  /** Where the next look goes on; to be kept in the same transaction as what was made of the lines. */
  position: string;
  missed: Missed | undefined;
  /** There is more to read at once. */
  isMore: boolean;
}

/** A log that is read in parts. @throws MachineFailure with a sentence when it can't be read. */
export interface LogSource {
  /** What it is, for people and to notice that the site has moved its log. */
  name: string;
  /** `position` is undefined for the first look, which begins with the oldest line. */
  read(position: string | undefined): Promise<LogPart>;
}
