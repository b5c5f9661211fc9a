import { mkdtemp, open, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { connect as connectTls, type SecureVersion } from "node:tls";
import { execa } from "execa";
import { commandFor, type DovecotInstance, outside } from "../dovecot/instance";
import { PATH } from "../run-here";
import type { CertificateFiles } from "./certificate";

const FLAGS = { TLSv1: "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3" } as const;

type TlsVersion = keyof typeof FLAGS & SecureVersion;

/** A handshake takes some 20 ms; a busy machine gets this long. */
const TIMEOUT_MS = 5000;

export function isTlsVersion(name: string): name is TlsVersion {
  return Object.hasOwn(FLAGS, name);
}

interface Rehearsal {
  files: CertificateFiles;
  protocol: TlsVersion;
  ciphers: string;
  suites: string;
}

/**
 * One handshake between a client that accepts everything and OpenSSL's own test server with these settings, over a
 * private UNIX socket: no port is opened. True when it succeeds, "untried" when the server could not be run.
 */
export async function rehearseHandshake(
  instance: DovecotInstance,
  { files, protocol, ciphers, suites }: Rehearsal,
): Promise<boolean | "untried"> {
  const folder = await mkdtemp(outside(instance, join(FOLDER, "pc-")));
  // Not as Dovecot's user: the folder is ours, and who may read the key is judged elsewhere.
  const command = commandFor({ ...instance, user: undefined }, "openssl", [
    "s_server",
    "-unix",
    join(FOLDER, basename(folder), SOCKET),
    "-naccept",
    "1",
    "-cert",
    files.certificate,
    "-key",
    files.key,
    FLAGS[protocol],
    "-cipher",
    ciphers,
    ...(suites === "" ? [] : ["-ciphersuites", suites]),
  ]);
  const server = execa(command.program, command.args, {
    reject: false,
    extendEnv: false,
    env: { PATH, LC_ALL: "C.UTF-8" },
    cwd: "/",
    stdin: "pipe",
    timeout: TIMEOUT_MS,
    forceKillAfterDelay: 500,
  });
  try {
    const ready = await Promise.race([
      accepts(server.stdout).then(() => "accepts" as const),
      server.then(({ exitCode, timedOut }) => (exitCode === undefined || timedOut ? "untried" : "refused")),
    ]);
    return ready === "accepts" ? await shakesHands(folder, protocol) : ready === "untried" ? ready : false;
  } finally {
    server.kill();
    await server;
    await rm(folder, { recursive: true, force: true });
  }
}

/** The server says so once it listens. Never settles when it ends before. */
function accepts(stdout: Readable): Promise<void> {
  return new Promise((resolve) => {
    let said = "";
    stdout.on("data", (chunk) => {
      said += String(chunk);
      if (said.includes("ACCEPT")) resolve();
    });
  });
}

async function shakesHands(folder: string, protocol: TlsVersion): Promise<boolean> {
  const opened = await open(folder, "r");
  try {
    return await new Promise((resolve) => {
      const secure = connectTls({
        // A socket's path may have 107 bytes; by way of the open folder any depth is reached.
        socket: createConnection({ path: `/proc/self/fd/${opened.fd}/${SOCKET}` }),
        rejectUnauthorized: false,
        minVersion: protocol,
        maxVersion: protocol,
        ciphers: EVERYTHING,
      });
      const settle = (worked: boolean) => {
        secure.destroy();
        resolve(worked);
      };
      secure.setTimeout(TIMEOUT_MS, () => settle(false));
      secure.once("secureConnect", () => settle(true));
      secure.once("error", () => settle(false));
      secure.once("close", () => settle(false));
    });
  } finally {
    await opened.close();
  }
}

/** s_server gives up on a socket whose path has more than 31 characters (measured, OpenSSL 3.0 and 3.5). */
const FOLDER = "/tmp";
const SOCKET = "s";
/** All that this Node's own OpenSSL can do, the old and the new. */
const EVERYTHING = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_CCM_SHA256",
  "TLS_AES_128_CCM_8_SHA256",
  "ALL",
  "@SECLEVEL=0",
].join(":");
