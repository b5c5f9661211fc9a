import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Certificates of a test: an authority, one below it as a web server has it, and both in one file. */
export interface SigningFiles {
  authority: string;
  /** The certificate, then the one above it. */
  certificate: string;
  key: string;
}

/** Makes them with OpenSSL in a folder. */
export function makeSigningFiles(folder: string): SigningFiles {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const request = ["-newkey", "rsa:2048", "-nodes", "-keyout"];
  openssl(
    "req",
    "-x509",
    ...request,
    "ca.key",
    "-out",
    "ca.pem",
    "-subj",
    "/CN=Test authority",
    "-days",
    "2",
  );
  openssl("req", ...request, "leaf.key", "-out", "leaf.csr", "-subj", "/CN=mail.riverside.example");
  writeFileSync(join(folder, "ext"), "extendedKeyUsage=serverAuth\n");
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "ext"];
  openssl("x509", "-req", "-in", "leaf.csr", ...signing, "-out", "leaf.pem");
  const full = Buffer.concat(["leaf.pem", "ca.pem"].map((name) => openssl("x509", "-in", name)));
  writeFileSync(join(folder, "full.pem"), full);
  return {
    authority: join(folder, "ca.pem"),
    certificate: join(folder, "full.pem"),
    key: join(folder, "leaf.key"),
  };
}

/** What is signed in a message, once OpenSSL has verified it up to the authority. Throws where that fails. */
export function verified(message: Uint8Array, { authority }: SigningFiles): string {
  const purpose = ["-CAfile", authority, "-purpose", "any"];
  return execFileSync("openssl", ["smime", "-verify", "-inform", "der", ...purpose], {
    input: message,
    stdio: "pipe",
    encoding: "utf8",
  });
}
