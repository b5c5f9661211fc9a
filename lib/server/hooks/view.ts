import { join } from "node:path";
import { hookPrograms } from "@/lib/system/hooks/programs";
import type { MailNode } from "../node";
import { panelSettings } from "../panel-settings";

export interface HooksView {
  folder: string;
  hooks: { phase: "before" | "after"; name: string; trouble: string | null }[];
  /** The latest, newest first. */
  deliveries: {
    at: string;
    target: string;
    tries: number;
    state: "told" | "waiting" | "given up";
    failure: string;
  }[];
}

const SHOWN = 20;

/** Who is asked and told, and what came of telling them. */
export async function hooksView({ db, home }: MailNode): Promise<HooksView> {
  const [{ values }, before, after, rows] = await Promise.all([
    panelSettings(db, "hooks"),
    hookPrograms(join(home.hooks, "before.d")),
    hookPrograms(join(home.hooks, "after.d")),
    db.hookDelivery.findMany({ orderBy: { id: "desc" }, take: SHOWN }),
  ]);
  const webhook = { name: "webhook", unsafe: undefined };
  const isSet = values.webhookUrl !== "";
  const all = [
    ...[...before, ...(isSet && values.webhookAsks ? [webhook] : [])].map((one) => ({
      phase: "before" as const,
      ...one,
    })),
    ...[...after, ...(isSet ? [webhook] : [])].map((one) => ({ phase: "after" as const, ...one })),
  ];
  return {
    folder: home.hooks,
    hooks: all.map(({ phase, name, unsafe }) => ({ phase, name, trouble: unsafe ?? null })),
    deliveries: rows.map(({ at, target, tries, failure, doneAt, nextAt }) => ({
      at: at.toISOString(),
      target,
      tries,
      failure,
      state: doneAt ? "told" : nextAt ? "waiting" : "given up",
    })),
  };
}
