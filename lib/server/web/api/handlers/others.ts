import { domainName } from "@/lib/core/access/form-schemas";
import { domainSubject } from "@/lib/core/access/subject";
import { sessionQuery } from "@/lib/core/sessions/query";
import { isSubjectThere } from "../../../access/is-there";
import { auditSessionsLook } from "../../../audit/read";
import { jobFacts } from "../../../jobs/job-facts";
import { mayGoOn } from "../../../jobs/job-rank";
import { jobView } from "../../../jobs/job-view";
import { cancelJob, findJob, type Job, pageOfJobs, resumeJob } from "../../../jobs/store";
import { statusFacts } from "../../../mailserver/status-facts";
import type { MailNode } from "../../../node";
import { type EndedSessions, endMatching } from "../../../sessions/end";
import { listSessions } from "../../../sessions/list";
import { sessionFacts } from "../../../sessions/session-facts";
import { type ImpactScope, protocolImpact } from "../../../use/impact";
import { type Handler, rankOf } from "../context";
import { invalid, notFound, Problem } from "../problem";

async function requireJob(node: MailNode, id: string): Promise<Job> {
  const job = await findJob(node, id);
  if (!job) throw notFound("such job");
  return job;
}

/** A write to a job stands on its state. */
const onState = {
  async version({ node, params }: { node: MailNode; params: { id: string } }) {
    return (await requireJob(node, params.id)).state;
  },
  async difference({ node, params }: { node: MailNode; params: { id: string } }) {
    return { state: (await requireJob(node, params.id)).state };
  },
};

async function impactScope(
  node: MailNode,
  domain: string | undefined,
  address: string | undefined,
): Promise<ImpactScope> {
  if (address !== undefined) {
    if (!(await isSubjectThere(node, address))) throw notFound("such account");
    return { address };
  }
  if (domain !== undefined) {
    const name = domainName.safeParse(domain);
    if (!name.success) throw invalid([{ key: "domain", message: name.error.issues[0]?.message ?? "" }]);
    if (!(await isSubjectThere(node, domainSubject(name.data)))) throw notFound("such domain");
    return { domain: name.data };
  }
  if (node.scope !== null)
    throw new Problem("not-allowed", "This token is for some domains: name one of them, or an account.");
  return {};
}

function sessionFilterOf(given: Readonly<Record<string, string | number | undefined>>) {
  const read = sessionQuery.parse(
    Object.fromEntries(
      Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    ),
  );
  if (!read.ok) throw invalid(read.problems);
  return read.query;
}

/** Username, protocol and process of the last one, in a form that fits a URL. */
function cursorOf(last: { username: string; protocol: string; pid: number }): string {
  return Buffer.from(JSON.stringify([last.username, last.protocol, last.pid])).toString("base64url");
}

function cursorFrom(text: string): { username: string; protocol: string; pid: number } {
  try {
    const [username, protocol, pid] = JSON.parse(Buffer.from(text, "base64url").toString()) as unknown[];
    if (typeof username === "string" && typeof protocol === "string" && typeof pid === "number")
      return { username, protocol, pid };
  } catch {
    // Told below.
  }
  throw invalid([{ key: "after", message: "Take it from `next` of the part before." }]);
}

function unasked(): Problem {
  return new Problem("unavailable", "Dovecot can't be asked who is connected.");
}

export const otherHandlers = {
  showStatus: {
    run: async ({ node }) => ({ body: await statusFacts(node) }),
  } satisfies Handler<"showStatus">,
  showToken: {
    run: async ({ bearer }) => ({
      body: {
        name: bearer.tokenName,
        owner: bearer.email,
        role: bearer.role,
        domains: bearer.scope,
        readOnly: !bearer.writes,
        expiresAt: bearer.expiresAt.toISOString(),
      },
    }),
  } satisfies Handler<"showToken">,
  showImpact: {
    async run({ node, query: { protocol, domain, address } }) {
      return { body: await protocolImpact(node, protocol, await impactScope(node, domain, address)) };
    },
  } satisfies Handler<"showImpact">,
  listJobs: {
    async run({ node, query: { after, limit }, next }) {
      const jobs = await pageOfJobs(node, limit + 1, after);
      const shown = jobs.slice(0, limit);
      const last = shown.at(-1);
      return {
        body: { items: shown.map(jobFacts), next: jobs.length > limit && last ? next(last.id) : null },
      };
    },
  } satisfies Handler<"listJobs">,
  showJob: {
    async run({ node, params }) {
      const job = await requireJob(node, params.id);
      return { body: jobFacts(job), etag: job.state };
    },
  } satisfies Handler<"showJob">,
  cancelJob: {
    ...onState,
    async run({ node, params, actor }) {
      const before = await requireJob(node, params.id);
      if (!jobView(before).canCancel)
        throw new Problem("not-possible", `The job is ${before.state}: it can't be stopped.`);
      await cancelJob(node, params.id, actor);
      const job = await requireJob(node, params.id);
      return { body: jobFacts(job), etag: job.state };
    },
  } satisfies Handler<"cancelJob">,
  resumeJob: {
    ...onState,
    async run({ node, params, actor, bearer }) {
      const before = await requireJob(node, params.id);
      if (!mayGoOn(before, rankOf(bearer)))
        throw new Problem(
          "not-allowed",
          "It lifts what a higher rank has set: only that rank may go on with it.",
        );
      if (!jobView(before).canResume)
        throw new Problem("not-possible", `The job is ${before.state}: there is nothing to go on with.`);
      await resumeJob(node, params.id, actor, rankOf(bearer));
      const job = await requireJob(node, params.id);
      return { body: jobFacts(job), etag: job.state };
    },
  } satisfies Handler<"resumeJob">,
  listSessions: {
    async run({ node, actor, query: { after, limit, ...filter }, next }) {
      const from = after === undefined ? undefined : cursorFrom(after);
      const query = sessionFilterOf(filter);
      await auditSessionsLook(node.db, actor, query);
      const found = await listSessions(node, query, limit + 1, from);
      if (!found) throw unasked();
      const shown = found.sessions.slice(0, limit);
      const last = shown.at(-1);
      const isMore = found.sessions.length > limit;
      return { body: { items: shown.map(sessionFacts), next: isMore && last ? next(cursorOf(last)) : null } };
    },
  } satisfies Handler<"listSessions">,
  endSessions: {
    async run({ node, actor, body: { all, dryRun, pid, username, ...filter } }) {
      if ((pid === undefined) !== (username === undefined))
        throw invalid([{ key: "pid", message: "One session is named by pid and username together." }]);
      const query = sessionFilterOf(filter);
      const isFiltered = sessionQuery.search(query) !== "";
      if (pid === undefined && !isFiltered && !all)
        throw invalid([{ key: "all", message: "Say which: a filter, pid and username, or all." }]);
      if (dryRun) {
        const found = await listSessions(node, query, pid === undefined ? 0 : Number.POSITIVE_INFINITY);
        if (!found) throw unasked();
        const matching =
          pid === undefined
            ? found.matching
            : found.sessions.filter((one) => one.pid === pid && one.username === username).length;
        return { body: { dryRun, matching } };
      }
      const which = pid === undefined || username === undefined ? query : { pid, username };
      const ended: EndedSessions | undefined = await endMatching(node, actor, which);
      if (!ended) throw unasked();
      return { body: { ended: ended.ended, left: ended.left } };
    },
  } satisfies Handler<"endSessions">,
};
