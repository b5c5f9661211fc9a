"use client";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { type OwnAction, SaidForm } from "./said-form";

/** The name that others see in the history. */
export function NameForm({ name, action }: { name: string; action: OwnAction }) {
  return (
    <SaidForm action={action} label="Your name" className="max-w-sm space-y-3">
      {(problemAt) => (
        <>
          <Field
            key={name}
            id="name"
            name="name"
            label="Name"
            autoComplete="name"
            required
            defaultValue={name}
            problem={problemAt("name")}
          />
          <Button look="quiet">Save the name</Button>
        </>
      )}
    </SaidForm>
  );
}
