import { ImapFlow } from "imapflow";
import Pop3Command from "node-pop3";
import type { SandboxAccount } from "@/lib/server/sandbox/accounts";

export type Encryption = "none" | "starttls" | "tls";

interface Login {
  port: number;
  account: SandboxAccount;
  encryption: Encryption;
}

const TIMEOUT_MS = 10_000;

/** An IMAP client that reads the subjects of the inbox, as a mail program would. */
export async function readByImap({ port, account, encryption }: Login): Promise<string[]> {
  return await withImap({ port, account, encryption }, async (client) => {
    const lock = await client.getMailboxLock("INBOX");
    try {
      const messages = await client.fetchAll("1:*", { envelope: true });
      return messages.map(({ envelope }) => envelope?.subject ?? "");
    } finally {
      lock.release();
    }
  });
}

/** A signed-in IMAP session that stays open while `use` runs. */
export async function withImap<T>(
  { port, account, encryption }: Login,
  use: (client: ImapFlow) => Promise<T>,
): Promise<T> {
  const client = new ImapFlow({
    host: "127.0.0.1",
    port,
    secure: encryption === "tls",
    doSTARTTLS: encryption === "none" ? false : encryption === "starttls" ? true : undefined,
    auth: { user: account.address, pass: account.password },
    tls: { rejectUnauthorized: false },
    logger: false,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
  });
  // Without a listener a connection that the server ends would end the test process.
  client.on("error", () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** A POP3 client that lists and fetches the first message; returns how many there are. */
export async function readByPop3({ port, account, encryption }: Login): Promise<number> {
  const client = new Pop3Command({
    host: "127.0.0.1",
    port,
    user: account.address,
    password: account.password,
    tls: encryption === "tls",
    tlsOptions: { rejectUnauthorized: false },
    timeout: TIMEOUT_MS,
  });
  // By itself it waits for ever for an answer where the server ends the connection instead.
  const ended = new Promise<never>((_, reject) => client.on("warn", reject));
  ended.catch(() => {});
  const read = async () => {
    const messages = await client.UIDL();
    await client.RETR(1);
    return messages.length;
  };
  try {
    return await Promise.race([read(), ended]);
  } finally {
    await Promise.race([client.QUIT(), ended]).catch(() => {});
  }
}
