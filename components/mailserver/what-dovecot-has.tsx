import Link from "next/link";
import type { SettingView } from "@/lib/core/views";

export type Effective = NonNullable<SettingView["effective"]>;

/** Asks for what the files on disk come to for a setting. What was typed stays. */
export function WhatDovecotHas({ settingKey, labelId }: { settingKey: string; labelId: string }) {
  return (
    <Link
      href={`/mailserver?effective=${settingKey}#row-${settingKey}`}
      prefetch={false}
      scroll={false}
      aria-describedby={labelId}
      className="no-underline hover:underline"
    >
      What Dovecot has
    </Link>
  );
}

export function EffectiveText({ effective }: { effective: Effective }) {
  return (
    <p className={`text-sm [overflow-wrap:anywhere] ${effective.asWanted ? "" : "text-bad"}`}>
      {effective.sentences.join(" ")}
    </p>
  );
}
