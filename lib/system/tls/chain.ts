import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { rootCertificates } from "node:tls";
import { type DovecotInstance, outside } from "../dovecot/instance";
import { readIfThere } from "../files";

/** Where Debian keeps the roots that the machine's own programs trust. */
const DEBIAN_ROOTS = "/etc/ssl/certs/ca-certificates.crt";
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

export interface CertificateFacts {
  /** SHA-256, as `X509Certificate.fingerprint256`. */
  fingerprint: string;
  subject: string;
  /** DNS names, in lower case. */
  names: string[];
  endsAt: Date;
  /**
   * `broken`: a certificate of the file isn't signed by the next; `no-root`: the last one's issuer is none that this
   * machine trusts, for instance because the one between is missing.
   */
  chain: "trusted" | "self-signed" | "broken" | "no-root";
  /** Who signed the last one in the file. */
  lastIssuer: string;
}

/** @throws Error with a system code where the file can't be read, and a plain one where it holds no certificate. */
export async function certificateFacts(instance: DovecotInstance, path: string): Promise<CertificateFacts> {
  return await factsOf(await readFile(outside(instance, path), "utf8"));
}

async function factsOf(pem: string): Promise<CertificateFacts> {
  const [leaf, ...others] = certificatesIn(pem);
  if (!leaf) throw new Error("The file holds no certificate.");
  const last = others.at(-1) ?? leaf;
  return {
    fingerprint: leaf.fingerprint256,
    subject: leaf.subject.replaceAll("\n", ", "),
    names: [...(leaf.subjectAltName ?? "").matchAll(/(?:^|, )DNS:([^",]+)/g)].map(([, name = ""]) =>
      name.toLowerCase(),
    ),
    endsAt: new Date(leaf.validTo),
    chain: await chainOf([leaf, ...others]),
    lastIssuer: last.issuer.replaceAll("\n", ", "),
  };
}

async function chainOf(certificates: readonly X509Certificate[]): Promise<CertificateFacts["chain"]> {
  const [leaf] = certificates;
  const last = certificates.at(-1);
  if (!leaf || !last) return "broken";
  if (isSignedBy(leaf, leaf)) return "self-signed";
  const isBroken = certificates.some((one, index) => {
    const next = certificates[index + 1];
    return next !== undefined && !isSignedBy(one, next);
  });
  if (isBroken) return "broken";
  const roots = [...rootCertificates, ...((await readIfThere(DEBIAN_ROOTS))?.match(PEM) ?? [])];
  return roots.some((root) => root !== "" && signs(root, last)) ? "trusted" : "no-root";
}

function certificatesIn(pem: string): X509Certificate[] {
  return (pem.match(PEM) ?? []).map((text) => new X509Certificate(text));
}

function signs(root: string, certificate: X509Certificate): boolean {
  try {
    return isSignedBy(certificate, new X509Certificate(root));
  } catch {
    // One in the machine's list that this library doesn't know.
    return false;
  }
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
