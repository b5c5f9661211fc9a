import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const PRELOAD = new URL("../../bin/serve/client-address.mjs", import.meta.url).href;
/** Answers with what it takes for the client's address. */
const SERVER = `
  import("node:http").then(({ createServer }) => {
    const server = createServer((request, answer) => answer.end(request.headers["x-forwarded-for"]));
    server.listen(0, "127.0.0.1", () => console.log(server.address().port));
  });`;

describe("whence a request comes", () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill());

  async function seen(proxies: string, claims: readonly string[]): Promise<string[]> {
    child = spawn(process.execPath, ["--import", PRELOAD, "-e", SERVER], {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      env: { ...process.env, PORTCULLIS_PROXIES: proxies },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(child.stdout!, "data")) as [Buffer];
    const answers: string[] = [];
    for (const claim of claims) {
      const answer = await fetch(`http://127.0.0.1:${String(port).trim()}/`, {
        headers: claim === "" ? {} : { "x-forwarded-for": claim },
      });
      answers.push(await answer.text());
    }
    return answers;
  }

  it("is the connection's address, whatever a client says of itself", async () => {
    expect(await seen("", ["", "198.51.100.7", "10.0.0.1, 127.0.0.1"])).toEqual([
      "127.0.0.1",
      "127.0.0.1",
      "127.0.0.1",
    ]);
  });

  it("is what the last proxy of ours saw, and nothing that was said before it", async () => {
    const claims = [
      "198.51.100.7",
      "6.6.6.6, 198.51.100.7",
      "6.6.6.6, 198.51.100.7, 10.1.2.3",
      "6.6.6.6, nonsense, 2001:db8::7, ::ffff:10.9.9.9",
      "",
    ];
    expect(await seen("127.0.0.1, 10.0.0.0/8", claims)).toEqual([
      "198.51.100.7",
      "198.51.100.7",
      "198.51.100.7",
      "2001:db8::7",
      "127.0.0.1",
    ]);
  });
});
