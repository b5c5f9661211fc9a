import { Notice } from "@/components/ui/notice";
import type { ApplyView } from "@/lib/core/views";

/** Saved and in force are two facts, and both are said. */
export function ApplyResult({ view }: { view: ApplyView }) {
  return (
    <Notice tone={view.tone} title={view.saved}>
      <p className="font-medium">{view.inForce}</p>
      {view.details.length > 0 ? (
        <ul className="list-disc pl-5">
          {view.details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      ) : null}
    </Notice>
  );
}
