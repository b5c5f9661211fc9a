/**
 * What a taken-over panel could say to the helper: a process of the panel's user, which has everything that user has. Arguments:
 * the socket, and as JSON what it knows (an account, a ticket that was used). Prints how each attempt was answered.
 */
import { randomBytes } from "node:crypto";
import { createConnection, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { defaultSettings } from "@/lib/core/settings/schema";
import { HOSTILE } from "./hostile-strings";

const [path = "", known = "{}"] = process.argv.slice(2);
const { address } = JSON.parse(known) as { address: string };

const READY = '{"ready":true}\n';

/** Sends bytes and returns all that comes back until the end, or what became of the connection. */
async function say(...parts: (string | Buffer)[]): Promise<string> {
  const socket = createConnection({ path });
  let answer = "";
  socket.on("data", (chunk) => {
    answer += String(chunk);
    // It waits for more of the same transaction, and won't get it.
    if (answer.endsWith(READY)) setTimeout(() => answer.endsWith(READY) && socket.destroy(), 300);
  });
  const ended = new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
    socket.once("error", () => {});
  });
  for (const part of parts) {
    if (socket.destroyed) break;
    await new Promise<void>((resolve) => socket.write(part, () => resolve()));
  }
  await Promise.race([ended, sleep(25_000)]);
  socket.destroy();
  return answer;
}

const line = (value: unknown) => `${typeof value === "string" ? value : JSON.stringify(value)}\n`;
const ask = async (value: unknown) => await say(line(value));

/** How an answer ends: what was done, or the refusal's sentence. */
function verdict(answer: string): string {
  const last = answer.trim().split("\n").at(-1) ?? "";
  if (last === "") return "closed";
  if (last.includes('"ready"')) return "nothing: broken off";
  const { done, refused } = JSON.parse(last) as { done?: unknown; refused?: { message: string } };
  return refused ? `refused: ${refused.message}` : `done: ${JSON.stringify(done)?.slice(0, 200)}`;
}

const answers: Record<string, string> = {};
const tell = async (name: string, answer: Promise<string>) => (answers[name] = verdict(await answer));

const row = { k: address, proto: "pop3", kind: 1, state: 0, until: null };
const prepare = (values: object) => ({
  ask: "prepare",
  values: { ...defaultSettings, ...values },
  touched: [],
});
const commit = { ask: "commit", ticket: "0".repeat(32), revision: 9, replaceEdited: true, trial: null };

// It is let go after a while, which the rest needn't wait for.
const silence = tell("nothing", say());
await tell("raw bytes", say(randomBytes(4096), "\n"));
await tell("a web server's request", say("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
await tell("null bytes", say("\0\0\0\0\n"));
await tell("broken UTF-8", say(Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a])));
await tell("a line without an end", say("x".repeat(300_000)));
await tell("a huge line", say(`${"x".repeat(8_000_000)}\n`));
await tell("deep JSON", say(`${"[".repeat(100_000)}${"]".repeat(100_000)}\n`));
await tell(
  "deep in a request",
  say(`{"ask":"prepare","touched":[],"values":${'{"a":'.repeat(30_000)}1${"}".repeat(30_000)}}\n`),
);
for (const value of [null, 1, "who", [], [{ ask: "who" }], {}, { ask: null }, { ask: ["who"] }])
  await tell(`no request: ${JSON.stringify(value)}`, ask(JSON.stringify(value)));
for (const name of [
  "exec",
  "read",
  "write",
  "swap",
  "reload",
  "stage",
  "eval",
  "constructor",
  "__proto__",
  "toString",
])
  await tell(
    `unknown: ${name}`,
    ask({ ask: name, path: "/etc/shadow", command: "id", files: { "settings.conf": "x" } }),
  );
await tell("more than a request has", ask({ ask: "who", path: "/etc/shadow" }));
await tell("prototype keys", say('{"ask":"who","__proto__":{"ask":"commit"}}\n'));
await tell(
  "prototype keys in values",
  say('{"ask":"prepare","touched":[],"values":{"__proto__":{"pop3":false},"constructor":1}}\n'),
);
await tell(
  "a file's text instead of values",
  ask({ ask: "prepare", files: { "settings.conf": "!include /etc/shadow" }, touched: [] }),
);
await tell("a ticket that never was", ask(commit));
await tell("a ticket that is a path", ask({ ...commit, ticket: "../../../etc/passwd" }));
for (const revision of [-1, 0, 1.5, 1e99, "1", null])
  await tell(`revision ${revision}`, ask({ ...commit, revision }));
for (const trial of [0, 9, 3601, -5, 1e9]) await tell(`trial ${trial}`, ask({ ...commit, trial }));
for (const mark of [
  "../../../../run/docker.sock",
  "/run/dbus/system_bus_socket",
  "portcullis-rev-../../x",
  "master",
  "x\0y",
  "",
])
  await tell(`mark ${JSON.stringify(mark)}`, ask({ ask: "load", mark }));

/** Goes as far as it gets. */
async function commitIfChecked(name: string, values: object): Promise<void> {
  const answer = await ask({ ...prepare(values), touched: Object.keys(values) });
  const last = JSON.parse(answer.trim().split("\n").at(-1) ?? "") as {
    done?: { ticket: string; preparation: { ok: boolean } };
  };
  if (last.done?.preparation.ok) await tell(`set ${name}`, ask({ ...commit, ticket: last.done.ticket }));
  else answers[name] = last.done ? "refused: by the checks" : verdict(answer);
}

// A text of every kind in every place that takes one.
for (const [name, text] of Object.entries(HOSTILE)) {
  // Nothing but blanks stands for the default.
  const texts = text.trim() === "" ? [] : [{ tls_ciphers: text }, { tls13_suites: text }];
  for (const values of [...texts, { listen_addresses: [text] }])
    await commitIfChecked(`${Object.keys(values)[0]}: ${name}`, values);
  await Promise.all([
    tell(`a key of settings: ${name}`, ask(prepare({ [text]: text }))),
    tell(`touched: ${name}`, ask({ ...prepare({}), touched: [text] })),
    tell(`lookup: ${name}`, ask({ ask: "lookup", protocol: "pop3", addresses: [text] })),
    tell(`protocol: ${name}`, ask({ ask: "lookup", protocol: text, addresses: [address] })),
    tell(`mailbox size: ${name}`, ask({ ask: "mailbox-size", address: text })),
    tell(`kick: ${name}`, ask({ ask: "kick", sessions: [{ pid: 2, username: text, protocol: "imap" }] })),
    tell(
      `kick's protocol: ${name}`,
      ask({ ask: "kick", sessions: [{ pid: 2, username: "x", protocol: text }] }),
    ),
    tell(`rule: ${name}`, say(line({ ask: "map-write" }), line({ remove: [], put: [{ ...row, k: text }] }))),
  ]);
}
await tell("mailbox sizes of all", ask({ ask: "mailbox-size", address: "*" }));
await tell("kick the init", ask({ ask: "kick", sessions: [{ pid: 1, username: "x", protocol: "imap" }] }));
await tell(
  "kick ourselves",
  ask({ ask: "kick", sessions: [{ pid: process.pid, username: "x", protocol: "imap" }] }),
);
await tell(
  "kick the helper",
  ask({ ask: "kick", sessions: [{ pid: process.ppid, username: address, protocol: "imap" }] }),
);
await tell("rows without an end", say(line({ ask: "map-write" }), line({ remove: [], put: [row] })));
await tell(
  "a row of another shape",
  say(
    line({ ask: "map-write" }),
    line({ remove: [], put: [{ ...row, state: "x'; DROP TABLE policy; --" }] }),
  ),
);
await tell(
  "until as text",
  say(line({ ask: "map-write" }), line({ remove: [], put: [{ ...row, until: "9" }] })),
);
await tell(
  "a map made anew and broken off",
  say(line({ ask: "map-rebuild", sequence: 1 }), line({ rows: [row] }), "{\n"),
);
await tell("restore elsewhere", ask({ ask: "restore", dryRun: true, folder: "/etc" }));

// A preparation is good once.
const prepared = await ask(prepare({}));
const { done } = JSON.parse(prepared.trim().split("\n").at(-1) ?? "") as { done: { ticket: string } };
await tell("a commit", ask({ ...commit, ticket: done.ticket }));
await tell("the same again", ask({ ...commit, ticket: done.ticket }));

await silence;

// Connections that do nothing, in number; and questions in number.
const idle = Array.from({ length: 200 }, () => createConnection({ path }).on("error", () => {}));
for (const socket of idle.slice(0, 100)) socket.write('{"ask":');
const many = await Promise.all(Array.from({ length: 50 }, () => ask({ ask: "running" })));
answers["while 200 hang"] = [...new Set(many.map(verdict))].join(", ");
const before = Date.now();
await Promise.all(
  idle.map(
    (socket: Socket) =>
      new Promise<void>((resolve) =>
        socket.destroyed ? resolve() : socket.once("close", () => resolve()).resume(),
      ),
  ),
);
answers["200 that hang are let go"] = Date.now() - before < 20_000 ? "yes" : "no";
const flood = await Promise.all(Array.from({ length: 200 }, () => ask({ ask: "version" })));
answers["200 at once"] = [...new Set(flood.map(verdict))].toSorted().join(", ");

process.stdout.write(`\n${JSON.stringify(answers)}`);
process.exit(0);
