"use client";

import { useActionState, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { ActionState, Choice, SaveView } from "@/lib/core/views";
import { ApplyResult } from "./apply-result";
import { ConflictNotice } from "./conflict-notice";
import type { ListenerProps } from "./listener-list";
import { type ProtocolProps, ProtocolRow } from "./protocol-row";
import { type Consequences, ReloadConsequence } from "./reload-consequence";

interface MailserverFormProps {
  action: (before: ActionState<SaveView>, form: FormData) => Promise<ActionState<SaveView>>;
  revision: number;
  checkedAt: string;
  now: string;
  edited: boolean;
  protocols: readonly ProtocolProps[];
  lmtp: { on: boolean; listeners: readonly ListenerProps[] | null };
  consequences: Consequences;
}

export function MailserverForm(props: MailserverFormProps) {
  const [state, submit, pending] = useActionState(props.action, { status: "idle", at: 0 });
  const answer = state.status === "done" ? state.result : undefined;
  const choice = choiceIn(state);
  // The revision that the person looks at: a later one that others save must end in a conflict, not be adopted.
  const [opened, setOpened] = useState({ at: state.at, revision: props.revision });
  if (opened.at !== state.at) setOpened({ at: state.at, revision: baseAfter(answer) ?? opened.revision });
  const result = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The fields are made anew with each answer, so the focus would be lost.
    if (state.at > 0) result.current?.focus();
  }, [state.at]);
  const problems =
    state.status === "invalid" ? state.problems : answer?.kind === "problems" ? answer.problems : [];
  const at = (key: string) => problems.filter((problem) => problem.key === key).map(({ message }) => message);

  return (
    <form action={submit} className="space-y-4">
      <input type="hidden" name="baseRevision" value={opened.revision} />
      {props.revision > opened.revision && answer?.kind !== "conflict" ? (
        <Notice
          tone="warn"
          title={`Revision ${props.revision} was saved elsewhere while you have this page open.`}
        >
          <p>
            What you see of the daemon is current; the switches are as you opened them. Saving will show both
            sides. <a href="/mailserver">Open the newest</a>
          </p>
        </Notice>
      ) : null}
      <fieldset key={state.at} disabled={pending} className="rounded border border-line bg-surface">
        <legend className="ml-3 px-1 text-lg font-semibold">Protocols Enabled</legend>
        <div className="divide-y divide-line">
          {props.protocols.map((protocol) => (
            <ProtocolRow
              key={protocol.key}
              protocol={{ ...protocol, name: protocol.key, on: choice?.[protocol.key] ?? protocol.on }}
              problems={at(protocol.key)}
              checkedAt={props.checkedAt}
              now={props.now}
            />
          ))}
          <ProtocolRow
            protocol={{
              name: "lmtp",
              label: "LMTP",
              help: "Delivers incoming mail into the mailboxes.",
              ...props.lmtp,
            }}
            problems={[]}
            checkedAt={props.checkedAt}
            now={props.now}
            fixedBecause={
              props.lmtp.on
                ? "Always on: without it, mail for local people would not arrive."
                : "Not set up on this server, which delivers in another way. It is never switched here."
            }
          />
        </div>
        <div className="space-y-4 border-line border-t px-4 py-4">
          <ReloadConsequence {...props.consequences} />
          {answer?.kind === "authentication-only" ? <AuthenticationOnly /> : null}
          {props.edited || at("replaceEdited").length > 0 ? (
            <ReplaceEdited problems={at("replaceEdited")} />
          ) : null}
          <Field
            id="reason"
            name="reason"
            label="Reason"
            hint="Optional. It stays in the history beside your name."
            maxLength={500}
            autoComplete="off"
            defaultValue={choice?.reason ?? ""}
            problem={at("reason")[0]}
          />
          <Button disabled={pending}>{pending ? "Saving and applying…" : "Save and apply"}</Button>
        </div>
      </fieldset>
      <div role="status" ref={result} tabIndex={-1} className="space-y-2">
        {pending ? (
          <p className="text-sm text-ink-soft">
            Checking a copy of the configuration, then changing the running Dovecot…
          </p>
        ) : (
          <Answer state={state} />
        )}
      </div>
    </form>
  );
}

function Answer({ state }: { state: ActionState<SaveView> }) {
  if (state.status === "idle") return null;
  if (state.status === "failed") return <Notice tone="bad" title={state.sentence} />;
  if (state.status === "invalid") return <Refused messages={[]} />;
  switch (state.result.kind) {
    case "done":
      return <ApplyResult view={state.result.view} />;
    case "conflict":
      return <ConflictNotice conflict={state.result} />;
    case "authentication-only":
      return (
        <p className="text-sm text-warn">
          Nothing was saved yet: confirm above that both shall be closed, and save again.
        </p>
      );
    case "problems":
      return (
        <Refused
          messages={state.result.problems.filter(({ key }) => key === "").map(({ message }) => message)}
        />
      );
  }
}

function Refused({ messages }: { messages: readonly string[] }) {
  return (
    <Notice tone="bad" title="Nothing was saved or changed.">
      {messages.length > 0 ? (
        messages.map((message) => <p key={message}>{message}</p>)
      ) : (
        <p>See the fields above.</p>
      )}
    </Notice>
  );
}

/** Which revision the next save builds on: the one just saved, or the other side of a conflict that was shown. */
function baseAfter(answer: SaveView | undefined): number | undefined {
  return answer?.kind === "done" || answer?.kind === "conflict" ? answer.revision : undefined;
}

/** What the person had set, where the answer is not that it was done. */
function choiceIn(state: ActionState<SaveView>): Choice | undefined {
  if (state.status === "done") return "choice" in state.result ? state.result.choice : undefined;
  if (state.status === "idle") return undefined;
  const { imap, pop3, reason = "" } = state.typed;
  return { imap: imap === "on", pop3: pop3 === "on", reason };
}

function AuthenticationOnly() {
  return (
    <Notice tone="warn" title="With IMAP and POP3 both off, nobody can read mail.">
      <p>Dovecot then only delivers mail and checks passwords for other programs (authentication only).</p>
      <label className="flex items-center gap-2">
        <input type="checkbox" name="authenticationOnly" className="size-4 accent-accent" />
        Close both
      </label>
    </Notice>
  );
}

function ReplaceEdited({ problems }: { problems: readonly string[] }) {
  return (
    <Notice tone="warn" title="The generated file was edited by hand; the difference is shown above.">
      {problems.map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
      <label className="flex items-center gap-2">
        <input type="checkbox" name="replaceEdited" className="size-4 accent-accent" />
        Replace the edit with what is set here
      </label>
    </Notice>
  );
}
