/**
 * Loaded before the web server: Next tells a page nothing of its connection, and takes any X-Forwarded-For for it. The address
 * is passed on in a header whose name is made up at each start, so that no client can write it.
 */
import { randomBytes } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";

const header = `x-portcullis-peer-${randomBytes(12).toString("hex")}`;
process.env.PORTCULLIS_PEER_HEADER = header;

subscribe("http.server.request.start", ({ request }) => {
  request.headers[header] = request.socket.remoteAddress ?? "";
});
