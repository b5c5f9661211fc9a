import Link from "next/link";
import { Notice } from "@/components/ui/notice";

/** In the place of forms that are only for somebody who proved a short while ago who he is. */
export function ConfirmFirst({ next, what }: { next: string; what: string }) {
  return (
    <Notice tone="plain" title={`To ${what}, confirm first that it is you.`}>
      <p>
        <Link href={`/confirm?next=${encodeURIComponent(next)}`} prefetch={false}>
          Confirm
        </Link>
      </p>
    </Notice>
  );
}
