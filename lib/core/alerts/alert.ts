export type Severity = "alarm" | "warning";

export const CHANNELS = ["webhook", "email"] as const;
export type Channel = (typeof CHANNELS)[number];

export function isChannel(word: string): word is Channel {
  return (CHANNELS as readonly string[]).includes(word);
}

/** Something that a person must look at, as it stands now. */
export interface Standing {
  /** What it is about; the same from look to look. */
  key: string;
  severity: Severity;
  sentence: string;
  /** The page on which it is mended. */
  href: string;
}

/** One that was seen, from then until it was over. */
export interface Alert extends Standing {
  id: number;
  firstSeenAt: Date;
  endedAt: Date | null;
}

/** What one channel was told of one alert; times is 0 while it could not be told yet. */
export interface Telling {
  toldAt: Date | null;
  toldAs: Severity | null;
  times: number;
  overToldAt: Date | null;
}

/** What an operator set about when to tell. */
export interface TellingRules {
  /** That long it must have stood, and been gone. */
  settleMs: number;
  /** That often it is told again; 0 for never. */
  repeatMs: number;
  least: Severity;
}
