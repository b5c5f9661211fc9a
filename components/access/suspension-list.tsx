import Link from "next/link";
import { Button } from "@/components/ui/button";
import { TimeAgo } from "@/components/ui/time-ago";
import type { SuspensionView } from "@/lib/core/access/views";
import type { AccessAction } from "./access-form";
import { RowForm } from "./row-form";
import { SuspensionMark } from "./suspension-mark";

interface SuspensionListProps {
  suspensions: readonly SuspensionView[];
  /** The level of the page: what was suspended above is resumed there. */
  level: SuspensionView["level"];
  /** Where the domain's, and everybody's, are resumed. */
  domainHref: string;
  mayChange: boolean;
  resume: AccessAction;
  undo: AccessAction;
  now: string;
}

const FORM = "resume";

export function SuspensionList(props: SuspensionListProps) {
  const { suspensions, resume, undo, now } = props;
  return (
    <>
      {suspensions.length === 0 ? <p className="text-sm text-ink-soft">Not suspended.</p> : null}
      <ul className="divide-y divide-line">
        {suspensions.map((one) => (
          <li key={one.id} className="space-y-2 py-2 text-sm">
            <p className="flex flex-wrap gap-x-3">
              <strong className="font-medium">
                <SuspensionMark suspension={one} />
              </strong>
              {one.until ? (
                <span>
                  ends <TimeAgo at={one.until} now={now} />
                </span>
              ) : (
                <span>without an end</span>
              )}
              <span className="text-ink-soft">
                by {one.actor}, <TimeAgo at={one.at} now={now} />
              </span>
            </p>
            {one.reason || one.ticket ? (
              <p className="break-words">
                {one.reason}
                {one.ticket ? ` (ticket ${one.ticket})` : ""}
              </p>
            ) : null}
            <Resume {...props} suspension={one} />
          </li>
        ))}
      </ul>
      <RowForm id={FORM} action={resume} undo={undo} label="Resume" />
    </>
  );
}

function Resume({
  suspension: { id, level, rank, mayResume },
  ...props
}: SuspensionListProps & { suspension: SuspensionView }) {
  if (level !== props.level) {
    const where = level === "domain" ? props.domainHref : "/domains/*";
    const whose = level === "domain" ? "the domain" : "everybody";
    return (
      <p>
        It is of {whose}, and is resumed <Link href={where}>there</Link>.
      </p>
    );
  }
  if (!props.mayChange) return null;
  if (!mayResume)
    return (
      <p className="text-ink-soft">
        It was set by the rank {rank}; only that rank or a higher one may resume it.
      </p>
    );
  return (
    <Button look="quiet" size="small" form={FORM} name="id" value={id}>
      Resume
    </Button>
  );
}
