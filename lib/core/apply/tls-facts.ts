import type { FieldProblem } from "../settings/schema";

export type CertificateFault =
  /** No file is named in the configuration. */
  | "unset"
  | "missing"
  /** The user that Dovecot reads it as may not. */
  | "unreadable"
  /** It is no certificate, or no key. */
  | "damaged"
  | "expired"
  | "not-yet-valid"
  /** The key belongs to another certificate. */
  | "mismatched";

export interface CertificateProblem {
  what: "certificate" | "key";
  fault: CertificateFault;
  /** As Dovecot sees it. */
  path: string;
  /** When it ended or begins, ISO 8601. */
  at?: string;
}

/** What a rehearsal with the daemon's own TLS library showed. */
export interface CipherFacts {
  /** `ssl_cipher_list` as OpenSSL reads it. */
  list: "taken" | "refused";
  suites: "taken" | "refused";
  /** Ciphers of the list without encryption, without proof of who the server is, or broken. */
  weak: string[];
  minimum: {
    protocol: string;
    /**
     * A handshake with exactly the oldest protocol, against the server's own certificate. `needs-level-0`: it works
     * once the list ends with `@SECLEVEL=0`; `no-common-cipher`: with another list; `not-spoken`: with none.
     */
    verdict: "works" | "needs-level-0" | "no-common-cipher" | "not-spoken" | "untried";
  };
}

export interface TlsFacts {
  certificate: CertificateProblem[];
  /** Undefined where it was not rehearsed, or OpenSSL's program isn't installed. */
  ciphers?: CipherFacts | undefined;
}

/** Where complaints about the certificate are shown: it isn't a setting of ours. */
const CERTIFICATE = "certificate";

/** Complaints about TLS, each at its field. `lenient`: an expired certificate is no reason to refuse. */
export function tlsProblems(
  { certificate, ciphers }: TlsFacts,
  { lenient, touched }: { lenient: boolean; touched: ReadonlySet<string> },
): FieldProblem[] {
  const problems: FieldProblem[] = certificate
    .filter(({ fault }) => !(lenient && (fault === "expired" || fault === "not-yet-valid")))
    .map((problem) => ({ key: CERTIFICATE, message: certificateSentence(problem) }));
  if (!ciphers) return problems;
  if (ciphers.list === "refused")
    problems.push({
      key: "tls_ciphers",
      message: "SSL Cipher List has nothing that this server's OpenSSL knows.",
    });
  if (ciphers.suites === "refused")
    problems.push({
      key: "tls13_suites",
      message: "TLS 1.3 Cipher Suites has a name that this server's OpenSSL doesn't know.",
    });
  const { protocol, verdict } = ciphers.minimum;
  const sentence =
    ciphers.list === "taken" && ciphers.suites === "taken" ? minimumSentence(protocol, verdict) : undefined;
  // Beside the field that was changed; where both were, beside the protocol.
  const key =
    touched.has("tls_ciphers") && !touched.has("tls_min_protocol") ? "tls_ciphers" : "tls_min_protocol";
  if (sentence) problems.push({ key, message: sentence });
  return problems;
}

export function tlsWarnings({ ciphers }: TlsFacts, touched: ReadonlySet<string>): FieldProblem[] {
  if (!ciphers || ciphers.weak.length === 0 || !touched.has("tls_ciphers")) return [];
  const some = ciphers.weak.slice(0, 3).join(", ");
  const more = ciphers.weak.length > 3 ? ` and ${ciphers.weak.length - 3} more` : "";
  return [{ key: "tls_ciphers", message: `SSL Cipher List lets weak ciphers in: ${some}${more}.` }];
}

function minimumSentence(protocol: string, verdict: CipherFacts["minimum"]["verdict"]): string | undefined {
  switch (verdict) {
    case "works":
    case "untried":
      return undefined;
    case "needs-level-0":
      return `${protocol} can't be spoken with this cipher list: this server's OpenSSL wants the list to end with ":@SECLEVEL=0" for it.`;
    case "no-common-cipher":
      return `The cipher list leaves nothing for ${protocol}: nobody whose newest is ${protocol} could connect.${exampleFor(protocol)}`;
    case "not-spoken":
      return `${protocol} is not spoken by this server's OpenSSL, whatever the cipher list.`;
  }
}

/** Since OpenSSL 3 the old ones need more than their ciphers. */
function exampleFor(protocol: string): string {
  return protocol === "TLSv1" || protocol === "TLSv1.1"
    ? ' A list that does is for instance "DEFAULT:@SECLEVEL=0".'
    : "";
}

export function certificateSentence({ what, fault, path, at }: CertificateProblem): string {
  const name = what === "certificate" ? "The TLS certificate" : "The TLS key";
  switch (fault) {
    case "unset":
      return `${name} is not named in the server's own files, and TLS is on.`;
    case "missing":
      return `${name} ${path} does not exist.`;
    case "unreadable":
      return `${name} ${path} can't be read by Dovecot.`;
    case "damaged":
      return `${name} ${path} can't be made sense of.`;
    case "expired":
      return `${name} ${path} expired on ${day(at)}: mail programs refuse it. Renew it first.`;
    case "not-yet-valid":
      return `${name} ${path} is not valid before ${day(at)}.`;
    case "mismatched":
      return `${name} ${path} doesn't belong to the certificate: every TLS connection would fail.`;
  }
}

function day(at: string | undefined): string {
  return at?.slice(0, 10) ?? "an unknown day";
}
