import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { CertificateProblem } from "@/lib/core/apply/tls-facts";
import { type DovecotInstance, outside } from "../dovecot/instance";
import { errorCode } from "../files";

export interface CertificateFiles {
  /** As Dovecot sees them; "" where none is named. */
  certificate: string;
  key: string;
}

/**
 * What is wrong with certificate and key. Dovecot's checker finds only that they are missing; a key of another
 * certificate passes it, and then every TLS connection fails. The key is read, compared and forgotten.
 */
export async function certificateProblems(
  instance: DovecotInstance,
  files: CertificateFiles,
): Promise<CertificateProblem[]> {
  const problems: CertificateProblem[] = [];
  const read = async (what: "certificate" | "key") => {
    const path = files[what];
    const found = await contentOf(instance, path);
    if ("fault" in found) problems.push({ what, path, fault: found.fault });
    return "text" in found ? found.text : undefined;
  };
  const [pem, keyPem] = [await read("certificate"), await read("key")];
  const certificate = pem === undefined ? undefined : parse(() => new X509Certificate(pem));
  if (certificate === "damaged")
    problems.push({ what: "certificate", path: files.certificate, fault: "damaged" });
  const key = keyPem === undefined ? undefined : parse(() => createPrivateKey(keyPem));
  if (key === "damaged") problems.push({ what: "key", path: files.key, fault: "damaged" });
  if (certificate instanceof X509Certificate) problems.push(...dateProblems(certificate, files.certificate));
  if (certificate instanceof X509Certificate && isKey(key) && !certificate.checkPrivateKey(key))
    problems.push({ what: "key", path: files.key, fault: "mismatched" });
  return problems;
}

/** When a certificate ends, or undefined where it can't be read. */
export async function certificateEnd(instance: DovecotInstance, path: string): Promise<Date | undefined> {
  const content = await contentOf(instance, path);
  const certificate = "text" in content ? parse(() => new X509Certificate(content.text)) : undefined;
  return certificate instanceof X509Certificate ? new Date(certificate.validTo) : undefined;
}

/** The DNS names that a certificate is good for, in lower case, or undefined where it can't be read. */
export async function certificateNames(
  instance: DovecotInstance,
  path: string,
): Promise<string[] | undefined> {
  const content = await contentOf(instance, path);
  const certificate = "text" in content ? parse(() => new X509Certificate(content.text)) : undefined;
  if (!(certificate instanceof X509Certificate)) return undefined;
  const names = [...(certificate.subjectAltName ?? "").matchAll(/(?:^|, )DNS:([^",]+)/g)];
  return names.map(([, name = ""]) => name.toLowerCase());
}

type Content = { text: string } | { fault: "unset" | "missing" | "unreadable" } | { skipped: true };

async function contentOf(instance: DovecotInstance, path: string): Promise<Content> {
  if (path === "") return { fault: "unset" };
  // Relative to what is Dovecot's own affair, and 2.3 may have the text itself here.
  if (!path.startsWith("/")) return { skipped: true };
  try {
    const found = outside(instance, path);
    if (!mayRead(await stat(found), instance.user)) return { fault: "unreadable" };
    return { text: await readFile(found, "utf8") };
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return { fault: "missing" };
    // What we may not read, a Dovecot that starts as root may.
    if (code === "EACCES" || code === "EPERM")
      return instance.user ? { fault: "unreadable" } : { skipped: true };
    if (code === "EISDIR") return { fault: "unreadable" };
    throw error;
  }
}

/** By the file's own mode bits; Dovecot that begins as root reads everything. */
function mayRead(
  { uid, gid, mode }: { uid: number; gid: number; mode: number },
  user: DovecotInstance["user"],
): boolean {
  if (!user || user.uid === 0) return true;
  const bit = uid === user.uid ? 0o400 : gid === user.gid ? 0o040 : 0o004;
  return (mode & bit) !== 0;
}

function dateProblems(certificate: X509Certificate, path: string): CertificateProblem[] {
  const now = Date.now();
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  if (to < now) return [{ what: "certificate", path, fault: "expired", at: new Date(to).toISOString() }];
  if (from > now)
    return [{ what: "certificate", path, fault: "not-yet-valid", at: new Date(from).toISOString() }];
  return [];
}

/** A key with a passphrase can't be compared without it; whether it fits is then seen by the handshake only. */
function parse<T>(read: () => T): T | "damaged" | undefined {
  try {
    return read();
  } catch (error) {
    return /passphrase|ERR_MISSING_PASSPHRASE|bad decrypt|interrupted or cancelled/i.test(
      `${errorCode(error)} ${String(error)}`,
    )
      ? undefined
      : "damaged";
  }
}

function isKey(key: KeyObject | "damaged" | undefined): key is KeyObject {
  return typeof key === "object";
}
