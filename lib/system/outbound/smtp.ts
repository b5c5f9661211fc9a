import { errorCode } from "../files";
import { deadline } from "./deadline";
import { reachWords } from "./reach-words";

export interface SmtpTarget {
  host: string;
  port: number;
  security: "starttls" | "tls" | "none";
  /** "" where the server wants no sign-in. */
  user: string;
  password: string;
}

export interface Mail {
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
  /** The same for a second try of the same, so that mail programs show it once. */
  id: string;
}

const LONGEST_ANSWER = 200;

/**
 * Hands a mail to the SMTP server. Returns why it was not taken by any or by some of the recipients, in a sentence without
 * secrets; undefined when it was by all. Ends within `timeoutMs` or when `stop` says so.
 */
export async function sendMail(
  target: SmtpTarget,
  mail: Mail,
  { timeoutMs, stop }: { timeoutMs: number; stop: AbortSignal },
): Promise<string | undefined> {
  const { host, port, security, user, password } = target;
  // Only who sends needs it: it would be a tenth of the start of every command.
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(user === "" ? {} : { auth: { user, pass: password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const server = `${host} port ${port}`;
  // Each wait has its limit; together they could still take a multiple of it.
  const limit = deadline(timeoutMs, stop);
  try {
    const { rejected } = await transport.sendMail({
      from: mail.from,
      to: [...mail.to],
      subject: mail.subject,
      text: mail.text,
      messageId: `<${mail.id}@${mail.from.split("@").at(-1)}>`,
      // Of a machine: nobody's holiday reply is wanted.
      headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
      signal: limit.signal,
    });
    return rejected.length === 0 ? undefined : `${server} did not take it for ${rejected.join(", ")}.`;
  } catch (error) {
    if (limit.isLate()) return `${server} did not take it within ${timeoutMs / 1000} seconds.`;
    return `${server} ${failureWords(error, target)}`;
  } finally {
    limit.end();
    transport.close();
  }
}

function failureWords(error: unknown, { security, password }: SmtpTarget): string {
  const { responseCode, response, command, message } = error as Partial<
    Record<"response" | "command" | "message", string> & { responseCode: number }
  >;
  const code = errorCode(error);
  // What a server answers to a sign-in may repeat what it was sent.
  if (code === "EAUTH" || command?.startsWith("AUTH"))
    return `refused the user or the password${responseCode ? ` (${responseCode})` : ""}.`;
  if (code === "ETLS" && responseCode && security === "starttls") return "does not offer STARTTLS.";
  if (responseCode) {
    const said = (response ?? "").replace(/\s+/g, " ").slice(0, LONGEST_ANSWER);
    return `refused it: ${password === "" ? said : said.replaceAll(password, "…")}`;
  }
  if (/certificate|self.signed|altname/i.test(message ?? "")) return reachWords("CERT");
  if (/wrong version number|SSL|EPROTO/i.test(`${code} ${message}`)) return reachWords("TLS");
  const inner = /\b(?:ECONN|ENOTFOUND|EAI_|ENET|EHOST|ETIMEDOUT)\w*/.exec(message ?? "")?.[0];
  return reachWords(inner ?? code);
}
