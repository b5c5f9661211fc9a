"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { Notice } from "@/components/ui/notice";

interface DriftBannerProps {
  drift: readonly { key: string; severity: "alarm" | "warning"; sentence: string }[];
}

const DRIFT_PAGE = "/mailserver/drift";

/** On every other page: the worst of what somebody changed besides Portcullis, and the way to all of it. */
export function DriftBanner({ drift }: DriftBannerProps) {
  const [first, ...others] = drift;
  if (usePathname() === DRIFT_PAGE || !first) return null;
  return (
    <div role={first.severity === "alarm" ? "alert" : "status"} className="mb-4">
      <Notice tone={first.severity === "alarm" ? "bad" : "warn"} title={first.sentence}>
        <p>
          {others.length > 0
            ? `And ${others.length} more ${others.length === 1 ? "thing" : "things"} that Portcullis did not change. `
            : ""}
          <Link href={DRIFT_PAGE}>Look, and restore, adopt or leave it</Link>
        </p>
      </Notice>
    </div>
  );
}
