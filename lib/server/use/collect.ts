import { BlockList } from "node:net";
import { foldName } from "@/lib/core/access/name";
import { MachineFailure } from "@/lib/core/apply/ports";
import type { Family } from "@/lib/core/dovecot/version";
import { securityOf } from "@/lib/core/use/security";
import { isSignIn, signInOf } from "@/lib/core/use/sign-in-line";
import { readEffective, supportedVersion } from "@/lib/system/dovecot/doveconf";
import { findLog } from "@/lib/system/logs/find-log";
import type { LogPart, LogSource } from "@/lib/system/logs/log-reading";
import type { MailNode } from "../node";
import { panelSettings } from "../panel-settings";
import { instantOf } from "./instant";
import { isListed, networksOf } from "./networks";
import { addTally } from "./store";
import { type Seen, tally } from "./tally";

/** How long it is taken for granted where the site logs, and which of its ports speak TLS at once. */
const FACTS_MS = 60_000;
/** Longer than any account's name, in characters. */
const LONGEST_NAME = 1024;

interface Facts {
  log: LogSource;
  family: Family;
  tlsPorts: ReadonlySet<number>;
  knownUntil: number;
}

const UNREAD =
  "Dovecot logs sign-ins in a form that can't be read: its login_log_format_elements lack user=<…> or session=<…>, or another version writes there.";

/** Reads who signed in out of the site's own log, and keeps what it comes to. One works for a home. */
export class SignInCollector {
  private facts: Facts | undefined;

  constructor(
    private readonly node: MailNode,
    private readonly find = findLog,
  ) {}

  /** Reads what came since the last look, all of it. */
  async look(): Promise<void> {
    try {
      while (await this.part());
    } catch (error) {
      if (!(error instanceof MachineFailure)) throw error;
      this.facts = undefined;
      await noteTrouble(this.node, error.message);
    }
  }

  /** Returns whether there is more. */
  private async part(): Promise<boolean> {
    const { db, name: node } = this.node;
    const { log, family, tlsPorts } = await this.known();
    const before = await db.useSource.findUnique({ where: { node } });
    const isMoved = before !== null && before.source !== "" && before.source !== log.name;
    const position = before === null || isMoved || before.position === "" ? undefined : before.position;
    // Another log may tell of the same sign-ins once more.
    const ignoreUntil = isMoved ? before.readAt : (before?.ignoreUntil ?? 0);
    const part = await log.read(position);
    const { values } = await panelSettings(db, "use");
    const now = Date.now();
    const seen = signInsIn(part, {
      family,
      tlsPorts,
      webmail: networksOf(values.webmail),
      keepsAddresses: values.addressDays > 0,
      now,
      after: ignoreUntil,
    });
    await db.$transaction(async (write) => {
      // Another process may have read the same lines: what it kept counts, and these don't.
      const current = await write.useSource.findUnique({ where: { node } });
      if (current?.position !== before?.position || current?.source !== before?.source) return;
      const nowS = Math.floor(now / 1000);
      const first = seen.reduce((least, { at }) => Math.min(least, at), nowS);
      const reason = isMoved ? `Dovecot logs elsewhere now (${log.name})` : part.missed?.reason;
      if (before && before.since > 0 && reason !== undefined)
        await write.useGap.create({ data: { node, fromAt: before.readAt, toAt: first, reason } });
      await addTally(write, tally(seen));
      const isUnread = seen.length === 0 && part.lines.some(({ text }) => isSignIn(text));
      const trouble = isUnread ? UNREAD : "";
      const state = { source: log.name, position: part.position, readAt: nowS, trouble, ignoreUntil };
      const since = before && before.since > 0 ? before.since : isUnread ? 0 : first;
      await write.useSource.upsert({
        where: { node },
        create: { node, ...state, since },
        update: { ...state, since },
      });
    });
    return part.isMore;
  }

  private async known(): Promise<Facts> {
    if (this.facts && this.facts.knownUntil > Date.now()) return this.facts;
    const { instance } = this.node;
    const [log, { family }, { listeners }] = await Promise.all([
      this.find(instance),
      supportedVersion(instance),
      readEffective(instance, instance.configFile),
    ]);
    const tlsPorts = new Set(listeners.filter(({ tls }) => tls).map(({ port }) => port));
    this.facts = { log, family, tlsPorts, knownUntil: Date.now() + FACTS_MS };
    return this.facts;
  }
}

interface Reading {
  family: Family;
  tlsPorts: ReadonlySet<number>;
  webmail: BlockList;
  keepsAddresses: boolean;
  now: number;
  /** Unix seconds: nothing that is older. */
  after: number;
}

function signInsIn({ lines }: LogPart, reading: Reading): Seen[] {
  const { family, tlsPorts, webmail, keepsAddresses, now, after } = reading;
  return lines.flatMap(({ text, atMs }): Seen[] => {
    const found = signInOf(text, family);
    if (!found || found.user.length > LONGEST_NAME) return [];
    const stamp = found.stamp ?? (atMs === undefined ? undefined : ({ kind: "instant", atMs } as const));
    if (!stamp) return [];
    const at = instantOf(stamp, now);
    if (at <= after) return [];
    const { protocol, remote, tlsVersion = "", pid } = found;
    return [
      {
        address: foldName(found.user),
        protocol,
        at,
        security: securityOf(found, tlsPorts),
        tlsVersion,
        remote: keepsAddresses ? remote : undefined,
        pid,
        byWebmail: remote !== undefined && isListed(webmail, remote),
      },
    ];
  });
}

async function noteTrouble({ db, name: node }: MailNode, trouble: string): Promise<void> {
  await db.useSource.upsert({
    where: { node },
    create: { node, source: "", position: "", since: 0, readAt: 0, trouble },
    update: { trouble },
  });
}
