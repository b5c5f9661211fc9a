import { CopyText } from "@/components/ui/copy-text";
import { Moment } from "@/components/ui/moment";
import type { AdoptedView } from "@/lib/core/adopt/views";
import { Facts, Sentences, Unknown } from "./facts";
import { FileText } from "./file-text";

/** The server that this panel manages, and how it is given back. */
export function Adopted({ view, now }: { view: AdoptedView; now: string }) {
  return (
    <>
      <section className="space-y-2">
        <h2>This panel manages a server that was there before</h2>
        <Facts
          facts={[
            { term: "Server", says: `${view.server}, ${view.mainFile}` },
            { term: "Layout", says: view.layout },
            { term: "Adopted", says: <Moment at={view.at} now={now} /> },
            { term: "By", says: view.by },
            ...(view.reason === "" ? [] : [{ term: "Reason", says: view.reason }]),
            { term: "Copy of what was found", says: view.copy },
          ]}
        />
        <p className="text-sm">
          It is checked and reloaded, and never started or stopped: its own service does that. Added to{" "}
          {view.mainFile}, beside the folder {view.folder}:
        </p>
        <FileText label={`Lines added to ${view.mainFile}`} text={view.added.join("\n")} />
      </section>
      <Unknown of={view.unknown} />
      <section className="space-y-2">
        <h2>To give it back</h2>
        <Sentences label="How it would come out now" of={view.back} />
        <p className="text-sm">
          End the panel and run this as root on the host. It takes the lines and the folder away by one
          checked reload; rules for accounts count no more. With --keep the last settings are written to a
          folder, as plain Dovecot settings and as JSON.
        </p>
        <CopyText id="release-command" label="Command" text={view.command} />
      </section>
    </>
  );
}
