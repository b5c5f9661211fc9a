import Link from "next/link";
import { Button } from "@/components/ui/button";
import { type Consequences, ReloadConsequence } from "./reload-consequence";

interface FormToolbarProps {
  pending: boolean;
  /** The fields show what is saved, so the browser itself can bring them back to it. */
  mayReset: boolean;
  consequences: Consequences;
}

const QUIET =
  "min-h-9 cursor-pointer rounded border border-line-strong bg-surface px-3 py-1.5 text-sm font-medium text-ink no-underline hover:bg-raised hover:text-ink";

/** Saving, and the ways back; in view however far down the page somebody is. */
export function FormToolbar({ pending, mayReset, consequences }: FormToolbarProps) {
  return (
    <>
      <details className="text-sm">
        <summary className="cursor-pointer py-1 text-ink-soft">
          What a save does to people who are connected
        </summary>
        <div className="mt-1">
          <ReloadConsequence {...consequences} />
        </div>
      </details>
      <div className="sticky top-0 bottom-0 z-10 flex flex-wrap items-center gap-2 rounded border border-line bg-surface px-4 py-2 shadow-sm">
        <Button disabled={pending}>{pending ? "Checking…" : "Save and review"}</Button>
        {mayReset ? (
          <button type="reset" className={QUIET}>
            Reset Form
          </button>
        ) : (
          <a href="/mailserver" className={QUIET}>
            Reset Form
          </a>
        )}
        <Link href="/mailserver?preset=default" prefetch={false} className={QUIET}>
          Use Default Values
        </Link>
        <p aria-live="polite" data-unsaved-count="" className="text-sm text-ink-soft" />
      </div>
    </>
  );
}
