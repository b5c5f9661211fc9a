import { createSocket, type RemoteInfo } from "node:dgram";
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, RECURSION_DESIRED } from "dns-packet";

/** A name server of a test: it answers what it was given, "no such name" to the rest, or nothing at all. */
export interface TestDns {
  /** For a resolver: `127.0.0.1:PORT`. */
  address: string;
  /** Replaces what it answers. */
  answers: Answer[];
  /** The names it was asked about, in their order. */
  asked: string[];
  /** It refuses every question. */
  refuses: boolean;
  close(): Promise<void>;
}

const NO_SUCH_NAME = 3;
const REFUSED = 5;

export async function startDns(answers: Answer[]): Promise<TestDns> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const server: TestDns = {
    address: `127.0.0.1:${socket.address().port}`,
    answers,
    asked: [],
    refuses: false,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  socket.on("message", (message: Buffer, from: RemoteInfo) => {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    if (!question) return;
    server.asked.push(question.name);
    const named = server.answers.filter(({ name }) => name === question.name);
    const found = named.filter(({ type }) => type === question.type || type === "CNAME");
    const code = server.refuses ? REFUSED : named.length === 0 ? NO_SUCH_NAME : 0;
    const reply = encode({
      type: "response",
      id,
      flags: AUTHORITATIVE_ANSWER | RECURSION_DESIRED | code,
      questions,
      answers: server.refuses ? [] : found,
    });
    socket.send(reply, from.port, from.address);
  });
  return server;
}
