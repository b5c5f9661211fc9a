import { CHANNELS, type Channel } from "@/lib/core/alerts/alert";
import type { Volume } from "@/lib/core/volume";
import { certificateEnd } from "@/lib/system/tls/certificate";
import { certificateFiles } from "@/lib/system/tls/examine";
import { channelStates } from "../alerts/deliver";
import { standingDrift } from "../drift/record";
import { mailHealth } from "../mailserver/health";
import type { MailserverStatus } from "../mailserver/status";
import type { MailNode } from "../node";

/** What a monitor reads. Instants in Unix seconds; undefined, or no entry, is what isn't known now. */
export interface Figures {
  dovecotVersion: string;
  checkedAt: number;
  dovecotUp: number;
  mailUp: number;
  listeners: {
    labels: { protocol: string; address: string; port: string };
    wantedOpen: number;
    seenOpen: number;
    greetingSeconds: number | undefined;
  }[];
  sessions: Record<string, number>;
  revisionWanted: number;
  revisionInForce: number | undefined;
  drift: Record<string, number>;
  alertsStanding: Record<string, number>;
  jobs: Record<string, number>;
  accounts: number;
  listedAt: number | undefined;
  certificateEndsAt: number | undefined;
  volume: Volume | undefined;
  deliveries: { channel: Channel; sent: number; failed: number }[];
}

const SEVERITIES = { alarm: 0, warning: 0 };
const JOB_STATES = { waiting: 0, running: 0, cancelling: 0, cancelled: 0, done: 0, failed: 0 };

/** Of a look at the machine, which the caller may share, and of counts that the database has at hand. */
export async function figuresOf(node: MailNode, status: MailserverStatus): Promise<Figures> {
  const { db } = node;
  const [drift, alerts, jobs, accounts, listing, end, channels] = await Promise.all([
    standingDrift(db),
    db.alert.groupBy({ by: ["severity"], where: { endedAt: null }, _count: true }),
    db.job.groupBy({ by: ["state"], _count: true }),
    // Counted when a listing ends: a million rows are not counted for each scrape.
    db.domain.aggregate({ _sum: { accounts: true } }),
    db.listing.findFirst({ where: { outcome: "complete" }, orderBy: { number: "desc" } }),
    certificateEndOf(node, status),
    channelStates(db),
  ]);
  const driftCounts = { ...SEVERITIES };
  for (const { severity } of drift.filter(({ leftBy }) => leftBy === null)) driftCounts[severity] += 1;
  return {
    dovecotVersion: status.dovecot.version,
    checkedAt: seconds(status.checkedAt),
    dovecotUp: Number(status.dovecot.running),
    mailUp: Number(mailHealth(status).up),
    listeners: status.listeners.map(({ protocol, address, port, wanted, seen, latencyMs }) => ({
      labels: { protocol, address, port: String(port) },
      wantedOpen: Number(wanted === "open"),
      seenOpen: Number(seen === "open"),
      greetingSeconds: latencyMs === null ? undefined : latencyMs / 1000,
    })),
    // A protocol that is there and that nobody uses counts as 0.
    sessions: status.sessions
      ? { ...Object.fromEntries(status.listeners.map(({ protocol }) => [protocol, 0])), ...status.sessions }
      : {},
    revisionWanted: status.wanted.number,
    revisionInForce: status.inForce?.revision,
    drift: driftCounts,
    alertsStanding: counts(
      SEVERITIES,
      alerts.map(({ severity, _count }) => [severity, _count]),
    ),
    jobs: counts(
      JOB_STATES,
      jobs.map(({ state, _count }) => [state, _count]),
    ),
    accounts: accounts._sum.accounts ?? 0,
    listedAt: listing?.finishedAt ? seconds(listing.finishedAt) : undefined,
    certificateEndsAt: end && seconds(end),
    volume: status.volume ?? undefined,
    deliveries: CHANNELS.map((channel) => ({
      channel,
      sent: channels.get(channel)?.sent ?? 0,
      failed: channels.get(channel)?.failed ?? 0,
    })),
  };
}

async function certificateEndOf(node: MailNode, { site }: MailserverStatus): Promise<Date | undefined> {
  const path = site ? certificateFiles(site.config)?.certificate : undefined;
  return path ? await certificateEnd(node.instance, path) : undefined;
}

function counts(
  none: Readonly<Record<string, number>>,
  found: readonly (readonly [string, number])[],
): Record<string, number> {
  return { ...none, ...Object.fromEntries(found) };
}

function seconds(at: Date): number {
  return at.getTime() / 1000;
}
