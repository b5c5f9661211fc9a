"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/**
 * Follows the plain links of an element without loading the page anew. A table has hundreds of links: each as a component
 * of its own would cost more than the whole table.
 */
export function SoftLinks({ within }: { within: string }) {
  const router = useRouter();
  useEffect(() => {
    const follow = (event: MouseEvent) => {
      if (event.defaultPrevented || event.button !== 0) return;
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (!link?.closest(`#${within}`) || link.origin !== location.origin || link.target !== "") return;
      event.preventDefault();
      router.push(link.pathname + link.search + link.hash);
    };
    document.addEventListener("click", follow);
    return () => document.removeEventListener("click", follow);
  }, [router, within]);
  return null;
}
