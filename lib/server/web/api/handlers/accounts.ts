import type { BulkAct } from "@/lib/core/access/bulk";
import { domainOf } from "@/lib/core/access/name";
import type { Rank } from "@/lib/core/access/rules";
import type { BodyOf } from "@/lib/core/api/routes";
import { coversSubject } from "@/lib/core/operators/roles";
import { previewBulk } from "../../../access/bulk-preview";
import { isSubjectThere } from "../../../access/is-there";
import { showAccount, useFacts, withProtocols } from "../../../accounts/account-facts";
import { accountFacts } from "../../../accounts/export/facts";
import { listAccounts } from "../../../accounts/list";
import { rulesVersion } from "../../../api/versions";
import { auditAccountLook } from "../../../audit/read";
import { jobFacts } from "../../../jobs/job-facts";
import { startBulk } from "../../../jobs/start-bulk";
import { findJob } from "../../../jobs/store";
import type { MailNode } from "../../../node";
import { accountUse } from "../../../use/account-use";
import { filterLimits } from "../../../use/filter-limits";
import { type Context, type Handler, rankOf } from "../context";
import { notFound } from "../problem";
import { changed, instantFrom, liftEdits, rulesDifference, setEdits, suspendEdits } from "./rules";

type AccountRoute = "setAccount" | "suspendAccount" | "resumeAccount";

async function requireThere(node: MailNode, address: string): Promise<void> {
  if (!(await isSubjectThere(node, address))) throw notFound("such account");
}

/** The parts of a write that stand on what was seen of the account's own rules. */
const onRules = {
  async version({ node, params: { address } }: Pick<Context<AccountRoute>, "node" | "params">) {
    if (!coversSubject(node.scope, address)) throw notFound("such account");
    return (await isSubjectThere(node, address)) ? String(await rulesVersion(node.db, address)) : undefined;
  },
  async difference({ node, params, version }: Pick<Context<AccountRoute>, "node" | "params" | "version">) {
    return await rulesDifference(node, params.address, version);
  },
};

async function answerOf(context: Context<AccountRoute>, act: Parameters<typeof changed>[1]) {
  const { node, params } = context;
  const { done, shown, etag } = await changed(context, act, (ask) => showAccount(node, params.address, ask));
  return { body: { ...done, ...shown.facts }, etag };
}

/** The act with the token's own rank. */
function actOf(act: BodyOf<"previewBulk">["act"], rank: Rank): BulkAct {
  switch (act.kind) {
    case "policy":
      return { ...act, until: act.state === "inherit" ? null : instantFrom(act.until) };
    case "suspend": {
      const { mayResume = rank, until, ...rest } = act;
      return { ...rest, rank: mayResume, until: instantFrom(until) };
    }
    case "resume":
      return { ...act, rank };
  }
}

export const accountHandlers = {
  listAccounts: {
    async run({ node, query, next }) {
      const { sort, after, limit, ...filter } = query;
      const [{ rows, hasNext }, limits] = await Promise.all([
        listAccounts(node, {
          filter,
          sort,
          after: after === undefined ? undefined : { address: after, domain: domainOf(after) },
          limit,
        }),
        filterLimits(node.db, filter),
      ]);
      const last = rows.at(-1);
      return {
        body: {
          items: rows.map((row) => withProtocols(accountFacts(row))),
          next: hasNext && last ? next(last.address) : null,
          ...(limits.length > 0 ? { limits } : {}),
        },
      };
    },
  } satisfies Handler<"listAccounts">,
  showAccount: {
    async run({ node, actor, params: { address }, query: { proof } }) {
      await requireThere(node, address);
      await auditAccountLook(node.db, actor, address);
      // Before: what changes meanwhile makes a write that stands on it fail.
      const etag = String(await rulesVersion(node.db, address));
      const { facts } = await showAccount(node, address, proof === "ask");
      return { body: facts, etag };
    },
  } satisfies Handler<"showAccount">,
  setAccount: {
    ...onRules,
    async run(context) {
      const { body, bearer, params } = context;
      const { reason, offNow, proof } = body;
      const edits = setEdits(params.address, body);
      return await answerOf(context, {
        rank: rankOf(bearer),
        subject: params.address,
        edits,
        reason,
        offNow,
        proof,
      });
    },
  } satisfies Handler<"setAccount">,
  suspendAccount: {
    ...onRules,
    async run(context) {
      const { body, bearer, params } = context;
      const { reason, offNow, proof } = body;
      const rank = rankOf(bearer);
      const edits = suspendEdits(params.address, body, rank);
      return await answerOf(context, { rank, subject: params.address, edits, reason, offNow, proof });
    },
  } satisfies Handler<"suspendAccount">,
  resumeAccount: {
    ...onRules,
    async run(context) {
      const { node, body, bearer, params } = context;
      const { reason, proof } = body;
      const edits = await liftEdits(node, params.address, body);
      return await answerOf(context, {
        rank: rankOf(bearer),
        subject: params.address,
        edits,
        reason,
        offNow: false,
        proof,
      });
    },
  } satisfies Handler<"resumeAccount">,
  showAccountUse: {
    async run({ node, actor, params: { address } }) {
      await requireThere(node, address);
      await auditAccountLook(node.db, actor, address);
      return { body: useFacts(await accountUse(node.db, address)) };
    },
  } satisfies Handler<"showAccountUse">,
  previewBulk: {
    async run({ node, bearer, body: { target, act } }) {
      return { body: await previewBulk(node, target, actOf(act, rankOf(bearer)), Number.POSITIVE_INFINITY) };
    },
  } satisfies Handler<"previewBulk">,
  startBulk: {
    async run({ node, bearer, actor, body: { target, act, reason } }) {
      const input = { target, act: actOf(act, rankOf(bearer)), reason };
      const id = await startBulk(node, input, { actor, counted: 0 });
      const job = await findJob(node, id);
      if (!job) throw notFound("such job");
      return { body: jobFacts(job), location: `/jobs/${id}` };
    },
  } satisfies Handler<"startBulk">,
};
