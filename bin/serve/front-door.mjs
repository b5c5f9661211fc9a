/**
 * Loaded before the web server, and asked before it at each request. Next tells a page nothing of its connection, takes any
 * X-Forwarded-For for it, and answers nobody before his whole body is there, however large or slow that is.
 */
import { randomBytes } from "node:crypto";
import http from "node:http";

/** The connection's address goes on in a header whose name is made up at each start, so that no client can write it. */
const PEER = `x-portcullis-peer-${randomBytes(12).toString("hex")}`;
process.env.PORTCULLIS_PEER_HEADER = PEER;

/** Largest body in bytes, and the time in ms within which it must be there; next.config has the largest of them too. */
const USUAL = { bytes: 1_000_000, ms: 30_000 };
/** A file of rules with the form around it. */
const IMPORT = { bytes: 17_000_000, ms: 120_000 };

const TIMES = {
  /** Until the headers are there. */
  headersTimeout: 15_000,
  requestTimeout: IMPORT.ms + 15_000,
  connectionsCheckingInterval: 5000,
};
/** Some megabytes when all of them are open; a proxy needs a few. */
const MOST_CONNECTIONS = 2000;

const create = http.createServer;

/** @type {typeof http.createServer} */
http.createServer = (...given) => {
  const listener = given.find((one) => typeof one === "function");
  const options = given.find((one) => typeof one === "object");
  const server = create({ ...TIMES, ...options }, (request, response) => {
    request.headers[PEER] = request.socket.remoteAddress ?? "";
    if (isBounded(request, response)) listener?.(request, response);
  });
  server.maxConnections = MOST_CONNECTIONS;
  return server;
};

function isBounded(request, response) {
  const { headers, url = "" } = request;
  const path = url.split("?", 1)[0];
  const most = path === "/accounts/import" ? IMPORT : USUAL;
  // Next itself passes an action on to the page that has it, in pieces; whoever writes that header gets no more than that.
  const isForwarded = headers["x-action-forwarded"] !== undefined;
  const limit = isForwarded ? IMPORT : most;
  if (headers["transfer-encoding"] !== undefined && !isForwarded) {
    refuse(response, 411, path, "Say by Content-Length how long the body is.");
    return false;
  }
  if (Number(headers["content-length"] ?? 0) > limit.bytes) {
    const bytes = limit.bytes.toLocaleString("en");
    refuse(response, 413, path, `It is too large: at most ${bytes} bytes are taken here. Nothing was done.`);
    return false;
  }
  endSlow(request, limit.ms);
  return true;
}

/** A body that comes too slowly ends with its connection. */
function endSlow(request, ms) {
  const timer = setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, ms);
  timer.unref();
  request.once("close", () => clearTimeout(timer));
}

/** As pages or as the API tell what is wrong (lib/core/api/problem). What is left of the body is not waited for. */
function refuse(response, status, path, sentence) {
  const isApi = path.startsWith("/api/v1/");
  const [kind, title] =
    status === 413 ? ["too-large", "The body is too large"] : ["bad-request", "The request can't be read"];
  const problem = {
    type: `/api/v1/docs#problem-${kind}`,
    title,
    status: isApi && status === 411 ? 400 : status,
  };
  response.writeHead(isApi ? problem.status : status, {
    "content-type": isApi ? "application/problem+json" : "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    connection: "close",
  });
  response.end(isApi ? JSON.stringify({ ...problem, detail: sentence }) : `${sentence}\n`);
}
