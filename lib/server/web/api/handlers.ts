import type { RouteId } from "@/lib/core/api/routes";
import type { Handler } from "./context";
import { accountHandlers } from "./handlers/accounts";
import { domainHandlers } from "./handlers/domains";
import { mailserverHandlers } from "./handlers/mailserver";
import { noteHandlers } from "./handlers/notes";
import { otherHandlers } from "./handlers/others";

/** What serves each route of the table: one that is forgotten doesn't compile. */
export const handlers: { readonly [Id in RouteId]: Handler<Id> } = {
  ...otherHandlers,
  ...mailserverHandlers,
  ...domainHandlers,
  ...accountHandlers,
  ...noteHandlers,
};
