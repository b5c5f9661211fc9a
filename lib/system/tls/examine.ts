import type { TlsFacts } from "@/lib/core/apply/tls-facts";
import { type ConfigTree, valueAt } from "@/lib/core/dovecot/config";
import type { DovecotInstance } from "../dovecot/instance";
import { type CertificateFiles, certificateProblems } from "./certificate";
import { rehearseCiphers } from "./ciphers";

/** Looks at what TLS would need with this configuration; undefined where it is off. */
export async function examineTls(
  instance: DovecotInstance,
  tree: ConfigTree,
  rehearse: boolean,
): Promise<TlsFacts | undefined> {
  const value = (name: string) => valueAt(tree, { block: [], name }) ?? "";
  const files = certificateFiles(tree);
  if (!files) return undefined;
  const certificate = await certificateProblems(instance, files);
  if (!rehearse) return { certificate };
  const wanted = {
    list: value("ssl_cipher_list"),
    suites: value("ssl_cipher_suites"),
    protocol: value("ssl_min_protocol"),
  };
  const usable = certificate.every(({ fault }) => fault === "expired" || fault === "not-yet-valid");
  return { certificate, ciphers: await rehearseCiphers(instance, wanted, usable ? files : undefined) };
}

/** The server's certificate and key, as Dovecot sees them; undefined where TLS is off. */
export function certificateFiles(tree: ConfigTree): CertificateFiles | undefined {
  const value = (name: string) => valueAt(tree, { block: [], name }) ?? "";
  if (value("ssl") === "no") return undefined;
  return {
    certificate: fileIn(value("ssl_server_cert_file") || value("ssl_cert")),
    key: fileIn(value("ssl_server_key_file") || value("ssl_key")),
  };
}

/** 2.3 writes `<file`; the text of a certificate itself, which it takes as well, is not looked at. */
function fileIn(value: string): string {
  return value.replace(/^</, "").trim();
}
