import { APIError } from "better-auth/api";
import { headers } from "next/headers";
import type { Role, Scope } from "@/lib/core/operators/roles";
import type { FieldProblem } from "@/lib/core/settings/schema";
import type { NewTokenView, TokenView } from "@/lib/core/views";
import { listTokens, makeToken, type Token, tokenWords } from "../api/tokens";
import { database } from "../database/client";
import { auth } from "./auth";
import { actorOf, type Operator } from "./session";
import { refuseForNow, trierOf } from "./sign-in";
import { forgetTries } from "./sign-in-limit";

export async function ownTokenViews(operator: Operator): Promise<TokenView[]> {
  return (await listTokens(database(), operator.id)).map(tokenView);
}

function tokenView(token: Token): TokenView {
  const { id, name, shown, createdAt, expiresAt, lastUsedAt, revokedAt } = token;
  return {
    id,
    name,
    shown,
    may: tokenWords(token),
    state: revokedAt ? "revoked" : expiresAt.getTime() <= Date.now() ? "over" : "good",
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

interface TokenForm {
  name: string;
  role: Role;
  /** Null: all that the operator is responsible for. */
  domains: Scope;
  writes: boolean;
  days: number;
  password: string;
}

/** Makes one for the operator himself, once he has shown again that it is he. */
export async function makeOwnToken(operator: Operator, form: TokenForm): Promise<NewTokenView> {
  const foreign = domainsProblem(form.domains, operator);
  if (foreign) return refused([foreign]);
  const wrong = await passwordProblem(operator, form.password);
  if (wrong) return refused([{ key: "password", message: wrong }]);
  const { name, role, writes, days } = form;
  const made = await makeToken(
    database(),
    operator,
    { name, role, scope: form.domains ?? operator.scope, writes, days },
    actorOf(operator),
  );
  if (!made.ok) return refused([{ key: "role", message: made.sentence }]);
  return { secret: made.secret, sentence: `${name}: ${tokenWords(made.token)}.`, problems: [] };
}

function refused(problems: FieldProblem[]): NewTokenView {
  return { secret: "", sentence: "", problems };
}

function domainsProblem(domains: Scope, { scope }: Operator): FieldProblem | undefined {
  const foreign = (domains ?? []).filter((domain) => scope !== null && !scope.includes(domain));
  return foreign.length === 0
    ? undefined
    : {
        key: "domains",
        message: `Not among your domains: ${foreign.map((name) => name || "@").join(", ")}.`,
      };
}

/** Guessing is slowed as at the sign-in. */
async function passwordProblem({ email }: Operator, password: string): Promise<string | undefined> {
  const trier = await trierOf(email, "token");
  const refusal = await refuseForNow(email, trier);
  if (refusal) return refusal;
  try {
    await auth().api.verifyPassword({ body: { password }, headers: await headers() });
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return "The password is wrong.";
  }
  await forgetTries(trier);
  return undefined;
}
