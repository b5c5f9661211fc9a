"use client";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

/** A page that failed: nothing of the mail server was touched by that, and the log has the details. */
export default function PanelError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <Notice tone="bad" title="This page could not be shown.">
      <p>
        The mail server is as it was.{" "}
        {error.digest ? `The panel's log has the details under ${error.digest}.` : null}
      </p>
      <p className="pt-2">
        <Button type="button" look="quiet" onClick={reset}>
          Try again
        </Button>
      </p>
    </Notice>
  );
}
