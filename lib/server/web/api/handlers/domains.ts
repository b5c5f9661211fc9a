import { coversSubject } from "@/lib/core/operators/roles";
import { isSubjectThere } from "../../../access/is-there";
import { rulesVersion } from "../../../api/versions";
import { domainRowFacts, showDomain } from "../../../domains/domain-facts";
import { listDomains } from "../../../domains/list";
import { type Context, type Handler, rankOf } from "../context";
import { notFound } from "../problem";
import { changed, liftEdits, rulesDifference, setEdits, suspendEdits } from "./rules";

type DomainRoute = "setDomain" | "suspendDomain" | "resumeDomain";

/** The parts of a write that stand on what was seen of the domain's own rules. */
const onRules = {
  async version({ node, params: { domain } }: Pick<Context<DomainRoute>, "node" | "params">) {
    if (!coversSubject(node.scope, domain)) throw notFound("such domain");
    return (await isSubjectThere(node, domain)) ? String(await rulesVersion(node.db, domain)) : undefined;
  },
  async difference({ node, params, version }: Pick<Context<DomainRoute>, "node" | "params" | "version">) {
    return await rulesDifference(node, params.domain, version);
  },
};

async function answerOf(context: Context<DomainRoute>, act: Parameters<typeof changed>[1]) {
  const { node, params } = context;
  const { done, shown, etag } = await changed(context, act, (ask) => showDomain(node, params.domain, ask));
  return { body: { ...done, ...shown.facts }, etag };
}

export const domainHandlers = {
  listDomains: {
    async run({ node, query: { after, limit, ...filter }, next }) {
      const { rows, hasNext } = await listDomains(node, { filter, after, limit });
      const last = rows.at(-1);
      return { body: { items: rows.map(domainRowFacts), next: hasNext && last ? next(last.name) : null } };
    },
  } satisfies Handler<"listDomains">,
  showDomain: {
    async run({ node, params: { domain }, query: { proof } }) {
      if (!(await isSubjectThere(node, domain))) throw notFound("such domain");
      const etag = String(await rulesVersion(node.db, domain));
      const { facts } = await showDomain(node, domain, proof === "ask");
      return { body: facts, etag };
    },
  } satisfies Handler<"showDomain">,
  setDomain: {
    ...onRules,
    async run(context) {
      const { body, bearer, params } = context;
      const { reason, offNow, proof } = body;
      const edits = setEdits(params.domain, body);
      return await answerOf(context, {
        rank: rankOf(bearer),
        subject: params.domain,
        edits,
        reason,
        offNow,
        proof,
      });
    },
  } satisfies Handler<"setDomain">,
  suspendDomain: {
    ...onRules,
    async run(context) {
      const { body, bearer, params } = context;
      const { reason, offNow, proof } = body;
      const rank = rankOf(bearer);
      const edits = suspendEdits(params.domain, body, rank);
      return await answerOf(context, { rank, subject: params.domain, edits, reason, offNow, proof });
    },
  } satisfies Handler<"suspendDomain">,
  resumeDomain: {
    ...onRules,
    async run(context) {
      const { node, body, bearer, params } = context;
      const { reason, proof } = body;
      const edits = await liftEdits(node, params.domain, body);
      return await answerOf(context, {
        rank: rankOf(bearer),
        subject: params.domain,
        edits,
        reason,
        offNow: false,
        proof,
      });
    },
  } satisfies Handler<"resumeDomain">,
};
