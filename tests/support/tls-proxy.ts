import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";

/** A web server with TLS before a panel, as operators have one. */
export async function startTlsProxy(
  port: number,
  panelPort: () => number,
): Promise<{ url: string; close(): void }> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }]);
  const server = createServer({ key, cert }, (asked, answer) => {
    const { remoteAddress: from = "" } = asked.socket;
    const headers = { ...asked.headers, "x-forwarded-for": from, "x-forwarded-proto": "https" };
    const passed = request(
      { host: "127.0.0.1", port: panelPort(), method: asked.method, path: asked.url, headers },
      (given) => {
        answer.writeHead(given.statusCode ?? 502, given.headers);
        given.pipe(answer);
      },
    );
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
