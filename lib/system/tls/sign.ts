import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { MachineFailure } from "@/lib/core/apply/ports";
import { PATH } from "../run-here";

/** Signing takes some 10 ms. */
const TIMEOUT_MS = 5000;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/g;

interface SigningFiles {
  /** PEM; the certificate first, then those above it. */
  certificate: string;
  key: string;
}

/**
 * Signs a text, the certificates above ours going with it: the whole as DER, text included, which is what Apple's devices
 * take.
 * @throws MachineFailure where it can't be done; its message names the files and nothing of what they hold.
 */
export async function signed(text: string, files: SigningFiles): Promise<Uint8Array<ArrayBuffer>> {
  const [, ...above] = (await readFile(files.certificate, "utf8").catch(() => "")).match(CERTIFICATE) ?? [];
  if (above.length === 0) return await signedWith(text, files, []);
  // Without the first, which the signer brings: it would be there twice.
  const folder = await mkdtemp(join(tmpdir(), "portcullis-sign-"));
  try {
    const chain = join(folder, "above.pem");
    await writeFile(chain, above.join("\n"));
    return await signedWith(text, files, ["-certfile", chain]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function signedWith(
  text: string,
  files: SigningFiles,
  chain: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const result = await execa(
    "openssl",
    [
      "smime",
      "-sign",
      "-nodetach",
      "-binary",
      "-outform",
      "der",
      "-signer",
      files.certificate,
      "-inkey",
      files.key,
      // A key with a passphrase would be asked for it at a terminal.
      "-passin",
      "pass:",
      ...chain,
    ],
    {
      reject: false,
      extendEnv: false,
      env: { PATH, LC_ALL: "C.UTF-8" },
      cwd: "/",
      input: text,
      encoding: "buffer",
      timeout: TIMEOUT_MS,
      forceKillAfterDelay: 500,
    },
  );
  if (result.exitCode === 0 && result.stdout.length > 0) return new Uint8Array(result.stdout);
  throw new MachineFailure(reasonFor(result.exitCode, files));
}

function reasonFor(exitCode: number | undefined, { certificate, key }: SigningFiles): string {
  if (exitCode === undefined) return "The profile can't be signed: OpenSSL's program could not be run.";
  return `The profile can't be signed with the certificate ${certificate} and the key ${key}: they are missing, can't be read by the panel's user, need a passphrase, or don't belong together.`;
}
