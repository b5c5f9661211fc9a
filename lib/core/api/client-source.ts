import type { AnyRoute } from "./route";
import { routeIds, routes } from "./routes";

/** The source of the typed client, made from the table of routes. */
export function clientSource(): string {
  return `// Made from lib/core/api/routes.ts by \`npm run docs\`: change that.
import { type AnswerFrom, ApiCaller, type CallOf } from "./caller";

/** Calls the HTTP API of a panel; docs/api.md tells of it. */
export class ApiClient extends ApiCaller {
${routeIds.map(method).join("\n\n")}
}
`;
}

function method(id: string): string {
  const route: AnyRoute = routes[id as keyof typeof routes];
  const isOptional = route.body === null && Object.keys(route.params.shape).length === 0;
  return `  /** ${route.summary}. */
  ${id}(call: CallOf<"${id}">${isOptional ? " = {}" : ""}): AnswerFrom<"${id}"> {
    return this.call("${route.method}", "${route.path}", call);
  }`;
}
