import type { CipherFacts } from "@/lib/core/apply/tls-facts";
import { commandFor, type DovecotInstance } from "../dovecot/instance";
import { run } from "../run";
import type { Ran } from "../run-here";
import type { CertificateFiles } from "./certificate";
import { isTlsVersion, rehearseHandshake } from "./rehearsal";

/** `openssl ciphers` answers in some 10 ms. */
const TIMEOUT_MS = 5000;
/** Every cipher there is, at the level that allows every protocol: what it can't do, no list can. */
const ANYTHING = "ALL:@SECLEVEL=0";

interface WantedCiphers {
  list: string;
  suites: string;
  protocol: string;
}

/**
 * Asks the daemon's own OpenSSL (the program beside its library) what it makes of the settings, and tries the oldest
 * protocol with a real handshake: OpenSSL 3.0 lists ciphers for TLS 1.0 that no handshake gets to (measured).
 * Undefined where the program isn't installed.
 */
export async function rehearseCiphers(
  instance: DovecotInstance,
  { list, suites, protocol }: WantedCiphers,
  files: CertificateFiles | undefined,
): Promise<CipherFacts | undefined> {
  const [listed, suited] = await Promise.all([
    openssl(instance, ["ciphers", "-s", "-v", list]),
    suites === ""
      ? undefined
      : openssl(instance, ["ciphers", "-s", "-tls1_3", "-ciphersuites", suites, "ALL"]),
  ]);
  if (isMissing(listed)) return undefined;
  const facts: CipherFacts = {
    list: listed.exitCode === 0 ? "taken" : "refused",
    suites: suited && suited.exitCode !== 0 ? "refused" : "taken",
    weak: listed.exitCode === 0 ? weakIn(listed.stdout) : [],
    minimum: { protocol, verdict: "untried" },
  };
  if (facts.list === "refused" || facts.suites === "refused" || !files || !isTlsVersion(protocol))
    return facts;
  const works = async (ciphers: string) =>
    await rehearseHandshake(instance, { files, protocol, ciphers, suites });
  const lists = [
    { ciphers: list, verdict: "works" },
    { ciphers: `${list}:@SECLEVEL=0`, verdict: "needs-level-0" },
    { ciphers: ANYTHING, verdict: "no-common-cipher" },
  ] as const;
  for (const { ciphers, verdict } of lists) {
    const worked = await works(ciphers);
    if (worked === "untried") return facts;
    if (worked) return { ...facts, minimum: { protocol, verdict } };
  }
  return { ...facts, minimum: { protocol, verdict: "not-spoken" } };
}

async function openssl(instance: DovecotInstance, args: readonly string[]): Promise<Ran> {
  const command = commandFor(instance, "openssl", args);
  return await run(command.program, command.args, { timeoutMs: TIMEOUT_MS, as: command.as });
}

function isMissing({ exitCode, stderr, timedOut }: Ran): boolean {
  return timedOut || exitCode === 127 || /ENOENT/.test(stderr);
}

/** Lines of `openssl ciphers -v`: a name, then columns such as `Au=None Enc=3DES(168) Mac=MD5`. */
function weakIn(verbose: string): string[] {
  return verbose
    .split("\n")
    .filter((line) => /\bAu=None\b|\bEnc=(?:None|RC4|RC2|DES|3DES|IDEA|SEED)\b|\bMac=MD5\b/.test(line))
    .map((line) => line.split(/\s+/)[0] ?? "");
}
