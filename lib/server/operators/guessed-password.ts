import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";

/** Words that somebody who guesses here tries first. */
const OURS = ["portcullis", "dovecot", "mailserver", "administrator", "panel", "postmaster"];
/** As a power of ten: with fewer guesses somebody with the hash is through in seconds. */
const ENOUGH = 8;

/** Made once, where a password is chosen: its lists are some megabytes. */
const shared = globalThis as { portcullisGuesser?: ZxcvbnFactory };

/**
 * Whether a password is among those that are guessed first: on the lists of what was found in breaches (some 40,000 in the library), a row of keys,
 * a repetition, or made of such with a few signs changed. Everything stays in this process.
 */
export function isGuessedFirst(password: string): boolean {
  shared.portcullisGuesser ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  return shared.portcullisGuesser.check(password, OURS).guessesLog10 < ENOUGH;
}

export const GUESSED_FIRST =
  "This is among the passwords that are guessed first. Take some words that don't belong together.";
