"use client";

import { useState, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";

interface CopyTextProps {
  id: string;
  label: string;
  text: string;
}

/** Text to take elsewhere: selected as a whole when it is entered, and copied by a button where the browser lets one. */
export function CopyText({ id, label, text }: CopyTextProps) {
  const [said, setSaid] = useState("");
  // Without JavaScript the button would do nothing: then it isn't seen.
  const works = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
  const copy = () => {
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => setSaid("Copied."), select);
    else select();
  };
  // Browsers give the clipboard to pages over HTTPS only.
  const select = () => {
    document.querySelector<HTMLTextAreaElement>(`#${id}`)?.select();
    setSaid("The browser doesn’t let this page copy. It is selected: press Ctrl+C.");
  };
  return (
    <div className="space-y-2">
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <textarea
        id={id}
        readOnly
        rows={text.split("\n").length}
        value={text}
        spellCheck={false}
        onFocus={(event) => event.currentTarget.select()}
        className="w-full overflow-x-auto rounded border border-line-strong bg-surface px-3 py-2 font-mono text-xs leading-5 whitespace-pre"
      />
      <p className="flex items-baseline gap-3">
        <Button look="quiet" type="button" size="small" onClick={copy} className={works ? "" : "invisible"}>
          Copy
        </Button>
        <span role="status" className="text-sm text-ink-soft">
          {said}
        </span>
      </p>
    </div>
  );
}
