"use client";

import { createContext, useContext } from "react";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { FieldProblem } from "@/lib/core/settings/schema";
import type { Typed } from "@/lib/core/views";

interface FormState {
  problems: readonly FieldProblem[];
  /** What was typed, where the answer is not that it was done. */
  typed: Typed | undefined;
}

/** What a form's answer says of its fields, for the fields inside it. */
export const FormStateContext = createContext<FormState>({ problems: [], typed: undefined });

interface TextFieldProps {
  id: string;
  name: string;
  label: string;
  hint?: string;
  type?: "text" | "datetime-local";
  value?: string;
  maxLength?: number;
}

/** A field that keeps what was typed and shows its complaint. */
export function TextField({ name, value = "", ...field }: TextFieldProps) {
  const { problems, typed } = useContext(FormStateContext);
  return (
    <Field
      name={name}
      autoComplete="off"
      defaultValue={typed?.[name] ?? value}
      problem={problems.find(({ key }) => key === name)?.message}
      {...field}
    />
  );
}

interface ChoiceFieldProps {
  id: string;
  name: string;
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
}

export function ChoiceField({ name, value, ...select }: ChoiceFieldProps) {
  const { problems, typed } = useContext(FormStateContext);
  return (
    <Select
      name={name}
      defaultValue={typed?.[name] ?? value}
      problem={problems.find(({ key }) => key === name)?.message}
      {...select}
    />
  );
}
