"use client";

import { useActionState, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { ActionState, Choice, SaveView } from "@/lib/core/views";
import { ApplyResult } from "./apply-result";
import { ConflictNotice } from "./conflict-notice";
import type { ListenerProps } from "./listener-list";
import { type ProtocolProps, ProtocolRow } from "./protocol-row";
import { ReloadConsequence } from "./reload-consequence";

interface MailserverFormProps {
  action: (before: ActionState<SaveView>, form: FormData) => Promise<ActionState<SaveView>>;
  revision: number;
  checkedAt: string;
  edited: boolean;
  protocols: readonly ProtocolProps[];
  lmtp: { listeners: readonly ListenerProps[] };
  sessions: Readonly<Record<string, number>> | null;
  shutdownClients: boolean;
}

export function MailserverForm(props: MailserverFormProps) {
  const [state, submit, pending] = useActionState(props.action, { status: "idle", at: 0 });
  const answer = state.status === "done" ? state.result : undefined;
  const choice = answer && "choice" in answer ? answer.choice : undefined;
  // The revision that the person looks at: a later one that others save must end in a conflict, not be adopted.
  const [opened, setOpened] = useState({ at: state.at, revision: props.revision });
  if (opened.at !== state.at) setOpened({ at: state.at, revision: baseAfter(answer) ?? opened.revision });
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
              protocol={{ ...protocol, name: protocol.key, on: choiceOf(choice, protocol) }}
              problems={at(protocol.key)}
              checkedAt={props.checkedAt}
            />
          ))}
          <ProtocolRow
            protocol={{
              name: "lmtp",
              label: "LMTP",
              help: "Delivers incoming mail into the mailboxes.",
              on: true,
              listeners: props.lmtp.listeners,
            }}
            problems={[]}
            checkedAt={props.checkedAt}
            fixedBecause="Always on: without it, mail for local people would not arrive."
          />
        </div>
        <div className="space-y-4 border-line border-t px-4 py-4">
          <ReloadConsequence sessions={props.sessions} shutdownClients={props.shutdownClients} />
          {answer?.kind === "authentication-only" ? <AuthenticationOnly /> : null}
          {answer?.kind === "conflict" ? <ConflictNotice conflict={answer} /> : null}
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
      <div role="status" className="space-y-2">
        {pending ? (
          <p className="text-sm text-ink-soft">
            Checking a copy of the configuration, then changing the running Dovecot…
          </p>
        ) : null}
        {state.status === "failed" ? <Notice tone="bad" title={state.sentence} /> : null}
        {at("").map((message) => (
          <Notice key={message} tone="bad" title="Nothing was saved or changed.">
            <p>{message}</p>
          </Notice>
        ))}
        {answer?.kind === "done" && !pending ? <ApplyResult view={answer.view} /> : null}
        {problems.length > 0 && at("").length === 0 ? (
          <p className="text-sm text-bad">Nothing was saved or changed; see the fields above.</p>
        ) : null}
      </div>
    </form>
  );
}

/** Which revision the next save builds on: the one just saved, or the other side of a conflict that was shown. */
function baseAfter(answer: SaveView | undefined): number | undefined {
  return answer?.kind === "done" || answer?.kind === "conflict" ? answer.revision : undefined;
}

function choiceOf(choice: Choice | undefined, protocol: ProtocolProps): boolean {
  if (choice && (protocol.key === "imap" || protocol.key === "pop3")) return choice[protocol.key];
  return protocol.on;
}

function AuthenticationOnly() {
  return (
    <Notice tone="warn" title="With IMAP and POP3 both off, nobody can read mail.">
      <p>Dovecot then only delivers mail and checks passwords for other programs (authentication only).</p>
      <label className="flex items-center gap-2">
        <input type="checkbox" name="authenticationOnly" required className="size-4 accent-accent" />
        Close both
      </label>
    </Notice>
  );
}

function ReplaceEdited({ problems }: { problems: readonly string[] }) {
  return (
    <Notice tone="warn" title="The generated file was edited by hand.">
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
