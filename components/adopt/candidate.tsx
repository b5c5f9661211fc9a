import { FileDiff } from "@/components/revisions/file-diff";
import { CopyText } from "@/components/ui/copy-text";
import { Notice } from "@/components/ui/notice";
import type { CandidateView } from "@/lib/core/adopt/views";
import { Facts, Sentences, Unknown } from "./facts";
import { FileText } from "./file-text";

/** A server of this machine, what adopting it would do, and the proof that it does nothing else. */
export function Candidate({ view }: { view: CandidateView }) {
  return (
    <>
      {view.refused.length > 0 ? (
        <Notice
          tone={view.asRoot ? "bad" : "warn"}
          title={
            view.asRoot
              ? "It can’t be adopted as it is."
              : "What speaks against it, as far as the panel’s user may look."
          }
        >
          <Sentences label="Why not" of={view.refused} />
        </Notice>
      ) : (
        <Notice tone="good" title="It can be adopted, and nothing about it would change.">
          <p>
            The lines below are added. Every port is looked at afterwards, and all is put back if one fails.
          </p>
        </Notice>
      )}
      <section className="space-y-2">
        <h2>To adopt it</h2>
        <p className="text-sm">
          This panel runs a private Dovecot and doesn’t take its own server away from under itself. Run this
          as root on the host; it shows the same once more and asks before it writes. A panel with that home
          then manages the server.
        </p>
        <CopyText id="adopt-command" label="Command" text={view.command} />
      </section>
      {view.warnings.length > 0 ? (
        <Notice tone="warn" title="Worth knowing before">
          <Sentences label="Warnings" of={view.warnings} />
        </Notice>
      ) : null}
      <section className="space-y-2">
        <h2>What was found</h2>
        <Facts
          facts={[
            { term: "Server", says: `${view.server}, ${view.mainFile}. ${view.running}` },
            { term: "Layout", says: view.layout },
            ...view.protocols.map(({ name, says }) => ({ term: name, says })),
            { term: "Sign-in", says: <Sentences label="Where sign-ins are looked up" of={view.signIn} /> },
          ]}
        />
        <details>
          <summary className="cursor-pointer text-sm text-accent">
            Files, in the order in which Dovecot reads them ({view.files.length})
          </summary>
          <ol className="list-decimal pl-8 text-sm">
            {view.files.map(({ path, from, state }, index) => (
              <li key={`${index} ${path}`} className="wrap-anywhere">
                {path}
                {state === "read" ? "" : ` (${state})`}
                {from === "" ? "" : <span className="text-ink-soft"> — {from}</span>}
              </li>
            ))}
          </ol>
        </details>
      </section>
      <section className="space-y-2">
        <h2>The plan</h2>
        <p className="text-sm">Added to the end of {view.mainFile}, after a copy of it was kept:</p>
        <FileText label={`Lines added to ${view.mainFile}`} text={view.added.join("\n")} />
        {view.written.map(({ path, content }) => (
          <details key={path}>
            <summary className="cursor-pointer text-sm wrap-anywhere text-accent">New file {path}</summary>
            <FileText label={path} text={content} />
          </details>
        ))}
        <details>
          <summary className="cursor-pointer text-sm text-accent">
            Revision 1: what was found of {view.values.length} settings
          </summary>
          <Facts facts={view.values.map(({ label, words }) => ({ term: label, says: words }))} />
        </details>
      </section>
      <Unknown of={view.unknown} />
      <section className="space-y-2">
        <h2>The proof</h2>
        {view.passed.length > 0 ? <Sentences label="What was tried" of={view.passed} /> : null}
        <FileDiff diff={view.difference} label="What Dovecot makes of its files, now and adopted" />
      </section>
    </>
  );
}
