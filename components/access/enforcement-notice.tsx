import { CircleCheck } from "lucide-react";
import { Moment } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import { TimeAgo } from "@/components/ui/time-ago";

interface EnforcementNoticeProps {
  enforced: boolean;
  /** Sentences, the worst first. */
  troubles: readonly string[];
  /** What stands since when; sentences of it can be among the troubles. */
  alarms: readonly { key: string; sentence: string; raisedAt: string }[];
  checkedAt: string;
  now: string;
}

/** So many are told one by one; a daemon that contradicts can contradict for every account. */
const TOLD = 5;

/** Whether what is set here is what Dovecot does: enforced only when nothing speaks against it. */
export function EnforcementNotice({ enforced, troubles, alarms, checkedAt, now }: EnforcementNoticeProps) {
  const others = alarms.filter(({ sentence }) => !troubles.includes(sentence));
  const since = new Map(alarms.map(({ sentence, raisedAt }) => [sentence, raisedAt]));
  return (
    <section aria-label="Enforcement" className="space-y-2">
      {enforced ? (
        <p className="text-sm">
          <CircleCheck className="mr-1 inline size-4 align-text-bottom text-good" aria-hidden="true" />
          <strong className="font-medium">Enforced</strong>: Dovecot asks the access map at every IMAP and
          POP3 login, and no way past it is known.{" "}
          <span className="text-ink-soft">
            Checked <Moment at={checkedAt} now={now} />.
          </span>
        </p>
      ) : (
        <Notice tone="bad" title="Not known to be enforced: what is set here may not be what Dovecot does.">
          <Sentences sentences={troubles} since={since} now={now} />
        </Notice>
      )}
      {others.length > 0 ? (
        <Notice tone="bad" title="This needs somebody to look at it.">
          <Sentences sentences={others.map(({ sentence }) => sentence)} since={since} now={now} />
        </Notice>
      ) : null}
    </section>
  );
}

function Sentences({
  sentences,
  since,
  now,
}: {
  sentences: readonly string[];
  since: ReadonlyMap<string, string>;
  now: string;
}) {
  const more = sentences.length - TOLD;
  return (
    <ul className="list-disc space-y-1 pl-5">
      {sentences.slice(0, TOLD).map((sentence) => {
        const at = since.get(sentence);
        return (
          <li key={sentence} className="break-words">
            {sentence}
            {at ? (
              <span className="text-ink-soft">
                {" "}
                Seen first <TimeAgo at={at} now={now} />.
              </span>
            ) : null}
          </li>
        );
      })}
      {more > 0 ? (
        <li>
          {more.toLocaleString("en")} more.{" "}
          <a href="/accounts?proof=differs">Accounts that Dovecot contradicts</a>
        </li>
      ) : null}
    </ul>
  );
}
