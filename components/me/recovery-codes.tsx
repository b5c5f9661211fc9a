import { CopyText } from "@/components/ui/copy-text";
import { Notice } from "@/components/ui/notice";

/** Shown once: only their owner has them afterwards. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <section aria-label="Recovery codes" className="space-y-3">
      <Notice tone="warn" title="Keep these recovery codes now: they are not shown again.">
        <p>Each opens the panel once, in place of a code of the app. Keep them where the app is not.</p>
      </Notice>
      <CopyText id="recovery-codes" label="Recovery codes" text={codes.join("\n")} />
    </section>
  );
}
