"use client";

import { type ReactNode, useActionState, useEffect, useRef, useState } from "react";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { ActionState, SaveView, SectionView, Typed } from "@/lib/core/views";
import { Confirmations } from "./confirmations";
import { FormAnswer } from "./form-answer";
import { FormToolbar } from "./form-toolbar";
import { ProtocolsEnabled, type ProtocolsEnabledProps } from "./protocols-enabled";
import type { Consequences } from "./reload-consequence";
import { SettingSections } from "./setting-sections";
import { useSettingRows } from "./use-setting-rows";

interface MailserverFormProps {
  action: (before: ActionState<SaveView>, form: FormData) => Promise<ActionState<SaveView>>;
  revision: number;
  edited: boolean;
  protocols: Omit<ProtocolsEnabledProps, "typed" | "problemsAt" | "effectiveOf">;
  sections: readonly SectionView[];
  consequences: Consequences;
  /** What a starting point puts into the form; nothing of it is set. */
  filled: { name: string; typed: Typed } | null;
  search: string;
  /** Shown between the protocols and the rest: where to start from. */
  children: ReactNode;
}

export function MailserverForm(props: MailserverFormProps) {
  const [state, submit, pending] = useActionState(props.action, { status: "idle", at: 0 });
  const answer = state.status === "done" ? state.result : undefined;
  const typed = typedIn(state) ?? props.filled?.typed;
  // The revision that the person looks at: a later one that others save must end in a conflict, not be adopted.
  const [opened, setOpened] = useState({ at: state.at, revision: props.revision });
  if (opened.at !== state.at) setOpened({ at: state.at, revision: baseAfter(answer) ?? opened.revision });
  const form = useRef<HTMLFormElement>(null);
  const result = useRef<HTMLDivElement>(null);
  useSettingRows(form);
  useEffect(() => {
    // The fields are made anew with each answer, so the focus would be lost.
    if (state.at > 0) result.current?.focus();
  }, [state.at]);
  const problems = problemsIn(state);
  const problemsAt = (key: string) =>
    problems.filter((problem) => problem.key === key).map(({ message }) => message);
  const effectiveOf = (key: string) =>
    props.sections.flatMap(({ settings }) => settings).find((setting) => setting.key === key)?.effective;
  const fields = `${state.at} ${props.filled?.name ?? ""}`;

  return (
    <form
      action={submit}
      ref={form}
      // So that nothing that has the focus is behind the toolbar.
      className="space-y-4 [&_:is(a,button,input,select,textarea)]:scroll-my-24"
    >
      <input type="hidden" name="baseRevision" value={opened.revision} />
      {props.revision > opened.revision && answer?.kind !== "conflict" ? (
        <Notice
          tone="warn"
          title={`Revision ${props.revision} was saved elsewhere while you have this page open.`}
        >
          <p>
            What you see of the daemon is current; the fields are as you opened them. Saving will show both
            sides. <a href="/mailserver">Open the newest</a>
          </p>
        </Notice>
      ) : null}
      <div role="status" ref={result} tabIndex={-1} className="space-y-2">
        {pending ? (
          <p className="text-sm text-ink-soft">
            Checking a copy of the configuration. Nothing is changed yet…
          </p>
        ) : (
          <FormAnswer state={state} problems={problems} labels={labelsOf(props.sections)} />
        )}
      </div>
      <fieldset key={fields} disabled={pending} className="space-y-4">
        <legend className="sr-only">Settings</legend>
        <Confirmations
          answer={answer}
          edited={props.edited || problemsAt("replaceEdited").length > 0}
          problems={problemsAt("replaceEdited")}
        />
        <ProtocolsEnabled
          {...props.protocols}
          typed={typed}
          problemsAt={problemsAt}
          effectiveOf={effectiveOf}
        />
        <Field
          id="reason"
          name="reason"
          label="Reason"
          hint="Optional. It stays in the history beside your name."
          maxLength={500}
          autoComplete="off"
          defaultValue={typed?.reason ?? ""}
          problem={problemsAt("reason")[0]}
        />
      </fieldset>
      <FormToolbar pending={pending} mayReset={typed === undefined} consequences={props.consequences} />
      {props.children}
      <fieldset key={`sections ${fields}`} disabled={pending}>
        <legend className="sr-only">All settings</legend>
        <SettingSections
          sections={props.sections}
          typed={typed}
          problemsAt={problemsAt}
          warnings={answer?.kind === "needs-confirmation" ? answer.warnings : []}
          search={props.search}
        />
      </fieldset>
    </form>
  );
}

function problemsIn(state: ActionState<SaveView>) {
  if (state.status === "invalid") return state.problems;
  return state.status === "done" && state.result.kind === "problems" ? state.result.problems : [];
}

/** Which revision the next save builds on: the one just saved, or the other side of a conflict that was shown. */
function baseAfter(answer: SaveView | undefined): number | undefined {
  return answer?.kind === "done" || answer?.kind === "conflict" ? answer.revision : undefined;
}

/** What the person had set, where the answer is not that it was done. */
function typedIn(state: ActionState<SaveView>): Typed | undefined {
  if (state.status === "idle") return undefined;
  if (state.status === "done") return "typed" in state.result ? state.result.typed : undefined;
  // As the form sent it: a box that isn't ticked sends nothing.
  const boxes = (state.typed.boxes ?? "").split(" ");
  return {
    ...state.typed,
    ...Object.fromEntries(boxes.map((key) => [key, state.typed[key] === "on" ? "on" : "off"])),
  };
}

function labelsOf(sections: readonly SectionView[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    sections.flatMap(({ settings }) => settings.map(({ key, label }) => [key, label])),
  );
}
