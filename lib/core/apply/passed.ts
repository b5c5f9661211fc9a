import type { KnownSetting } from "../settings/catalogue";
import { listenerLabel } from "./outcome";
import type { StagedTree } from "./ports";
import { certificateSentence, type TlsFacts } from "./tls-facts";

interface Passed {
  staged: StagedTree;
  /** Undefined where TLS is off. */
  tls: TlsFacts | undefined;
  /** The ciphers were to be tried. */
  rehearse: boolean;
  /** Whose values were looked for in the server's own files. */
  concerned: readonly KnownSetting[];
}

const list = new Intl.ListFormat("en-GB");

/** What was tried of a candidate that nothing speaks against, and how it came out: a sentence each, none for what wasn't. */
export function passedChecks({ staged, tls, rehearse, concerned }: Passed): string[] {
  const open = (staged.effective?.listeners ?? []).filter((listener) => listener.open);
  return [
    "Dovecot's own checker accepts a copy of the whole configuration with this change.",
    "Every program that its protocols run is installed, and so is what Dovecot reads the access map with.",
    open.length === 0
      ? "No port is open with it."
      : `No other program has a port that is open with it: ${list.format(open.map(listenerLabel))}.`,
    ...tlsChecks(tls, rehearse),
    ...(concerned.length > 0
      ? [`No line of the server's own files undoes ${list.format(concerned.map(({ label }) => label))}.`]
      : []),
  ];
}

function tlsChecks(tls: TlsFacts | undefined, rehearse: boolean): string[] {
  if (!tls) return ["TLS is off, so no certificate was looked at."];
  const sentences =
    tls.certificate.length === 0
      ? ["Nothing speaks against certificate and key."]
      : // Others would have been refused.
        tls.certificate.map(
          (problem) => `${certificateSentence(problem)} Closing a protocol is no worse for it.`,
        );
  if (!rehearse) return sentences;
  if (!tls.ciphers)
    return [
      ...sentences,
      "The ciphers were not tried: OpenSSL's program is not installed (package openssl), or did not answer.",
    ];
  const { protocol, verdict } = tls.ciphers.minimum;
  return [
    ...sentences,
    verdict === "works"
      ? `A handshake with the oldest protocol, ${protocol}, works with its ciphers.`
      : `OpenSSL takes the ciphers; a handshake with ${protocol} was not tried.`,
  ];
}
