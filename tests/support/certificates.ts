import { generate } from "selfsigned";

export interface MadeCertificate {
  cert: string;
  key: string;
}

const DAY_MS = 24 * 60 * 60_000;

/** A certificate for a name, by itself or signed by another; `days` below zero: it is over. */
export async function makeCertificate(
  name: string,
  days: number,
  ca?: MadeCertificate,
): Promise<MadeCertificate> {
  const now = Date.now();
  const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
    keyType: "rsa",
    algorithm: "sha256",
    notBeforeDate: new Date(now - 100 * DAY_MS),
    notAfterDate: new Date(now + days * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: ca === undefined },
      { name: "subjectAltName", altNames: [{ type: 2, value: name }] },
    ],
    ...(ca ? { ca } : {}),
  });
  return { cert, key };
}
