import { PROBLEMS, type ProblemJson, type ProblemKind, problemType } from "@/lib/core/api/problem";

/** Why a request isn't answered as it was meant: what is thrown anywhere below comes out as problem details. */
export class Problem extends Error {
  override readonly name = "Problem";
  constructor(
    readonly kind: ProblemKind,
    /** A sentence for a person. */
    detail: string,
    readonly more: Partial<Pick<ProblemJson, "errors" | "etag" | "difference" | "result" | "instance">> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }

  get status(): number {
    return PROBLEMS[this.kind][0];
  }

  body(): string {
    const [status, title] = PROBLEMS[this.kind];
    const json: ProblemJson = {
      type: problemType(this.kind),
      title,
      status,
      detail: this.message,
      ...this.more,
    };
    return JSON.stringify(json);
  }
}

/** The same for what isn't there and for what lies outside of the token's domains. */
export function notFound(what: string): Problem {
  return new Problem("not-found", `There is no ${what}.`);
}

export function invalid(errors: readonly { key: string; message: string }[]): Problem {
  return new Problem("invalid", errors.map(({ message }) => message).join(" "), {
    errors: errors.map(({ key, message }) => ({ field: key, detail: message })),
  });
}
