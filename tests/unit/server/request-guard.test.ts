import { expect, it } from "vitest";
import { isFromElsewhere } from "@/lib/server/web/request-guard";

const from = (headers: Record<string, string>, path = "/accounts", method = "POST") =>
  isFromElsewhere(
    { method, path, headers: new Headers({ host: "127.0.0.1:3000", ...headers }) },
    { PORTCULLIS_URL: "https://panel.example" },
  );

it.each([
  ["a form of ours", { origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-origin" }],
  ["one sent once more by hand", { origin: "http://127.0.0.1:3000", "sec-fetch-site": "none" }],
  ["one of an older browser", { origin: "http://127.0.0.1:3000" }],
  ["one by the public address", { origin: "https://panel.example" }],
  [
    "one by a proxy that says who was asked",
    { origin: "https://p.example", "x-forwarded-host": "p.example" },
  ],
  ["one without an origin that the browser vouches for", { "sec-fetch-site": "same-origin" }],
] as const)("%s passes", (_what, headers) => {
  expect(from(headers)).toBe(false);
});

it.each([
  ["another site's", { origin: "https://evil.example" }],
  ["another site's that claims ours", { origin: "http://127.0.0.1:3000", "sec-fetch-site": "cross-site" }],
  ["one of a neighbouring host", { origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-site" }],
  ["one of another port", { origin: "http://127.0.0.1:3001" }],
  ["one of a sandboxed frame", { origin: "null" }],
  ["what doesn't say where it is from", {}],
  ["what can't be read", { origin: "panel.example" }],
] as const)("%s doesn't", (_what, headers) => {
  expect(from(headers)).toBe(true);
  // Reading, the API and mail programs' questions are judged by other means.
  expect(from(headers, "/accounts", "GET")).toBe(false);
  expect(from(headers, "/api/v1/accounts/bulk")).toBe(false);
  expect(from(headers, "/Autodiscover/Autodiscover.xml")).toBe(false);
});
