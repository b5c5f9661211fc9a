import { complaintsIn } from "@/components/ui/complaints";
import { CopyText } from "@/components/ui/copy-text";
import type { NewLinkView } from "@/lib/core/operators/views";
import type { ActionState } from "@/lib/core/views";

/** A link that was just made, to be given to whom it is for; or why there is none. */
export function LinkAnswer({ state, id }: { state: ActionState<NewLinkView>; id: string }) {
  const made = state.status === "done" ? state.result : undefined;
  const complaints = state.status === "failed" ? complaintsIn(state) : [];
  return (
    <>
      <div role="status" className="space-y-1 text-sm empty:hidden">
        {complaints.map((complaint) => (
          <p key={complaint} className="text-bad">
            {complaint}
          </p>
        ))}
        {made?.sentences.map((sentence) => (
          <p key={sentence} className={made.url === "" ? "text-bad" : ""}>
            {sentence}
          </p>
        ))}
      </div>
      {made && made.url !== "" ? <CopyText key={made.url} id={id} label="Link" text={made.url} /> : null}
    </>
  );
}
