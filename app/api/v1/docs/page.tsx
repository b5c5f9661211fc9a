import type { Metadata } from "next";
import { connection } from "next/server";
import { RouteCard } from "@/components/api/route-card";
import { apiReference, problemReference } from "@/lib/server/web/api/reference";

export const metadata: Metadata = { title: "HTTP API" };

/** Open to everybody: it tells nothing of this server. */
export default async function ApiDocsPage() {
  // The content policy's nonce is another for each answer.
  await connection();
  return (
    <main className="mx-auto max-w-4xl space-y-8 p-4 wrap-anywhere md:p-8">
      <div className="space-y-3">
        <h1>HTTP API</h1>
        <p>
          Send <code>Authorization: Bearer pcl_…</code> with a token from <a href="/me/tokens">your tokens</a>
          . Bodies are JSON. For programs: <a href="/api/v1/openapi.json">openapi.json</a>, OpenAPI 3.1.
        </p>
        <ul className="list-disc space-y-1 pl-5">
          <li>
            A write says by <code>If-Match</code> what it stands on: the <code>ETag</code> of what was read.
            Where somebody came between, the answer is 412 with the difference.
          </li>
          <li>
            With <code>Idempotency-Key</code> a write is done once, and its answer kept for 24 hours.
          </li>
          <li>
            Lists come in parts: go on with <code>next</code>, or the <code>Link</code> header, until it is
            null.
          </li>
          <li>
            600 requests a minute for each token; <code>RateLimit-Remaining</code> and{" "}
            <code>RateLimit-Reset</code> tell how many are left, and for how many seconds.
          </li>
          <li>What lies outside of a token’s domains looks like what doesn’t exist.</li>
        </ul>
      </div>
      {apiReference().map(({ tag, routes }) => (
        <section key={tag} aria-labelledby={`tag-${tag}`} className="space-y-4">
          <h2 id={`tag-${tag}`}>{tag}</h2>
          {routes.map((route) => (
            <RouteCard key={route.id} route={route} />
          ))}
        </section>
      ))}
      <section aria-labelledby="problems" className="space-y-3">
        <h2 id="problems">Problems</h2>
        <p>
          Every error is <code>application/problem+json</code> (RFC 9457): <code>type</code>,{" "}
          <code>title</code>, <code>status</code>, <code>detail</code>, and where it helps <code>errors</code>
          , <code>etag</code>, <code>difference</code>, <code>result</code>.
        </p>
        <ul className="space-y-1">
          {problemReference().map(({ kind, status, title }) => (
            <li key={kind} id={`problem-${kind}`}>
              {status} <code>{kind}</code>: {title}
            </li>
          ))}
        </ul>
      </section>
    </main>
  );
}
