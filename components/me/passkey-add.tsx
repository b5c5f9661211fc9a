"use client";

import { useState, useTransition } from "react";
import { usePasskeySupport } from "@/components/session/passkey-support";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";

interface PasskeyAddProps {
  /** What the browser is asked to make, or why nothing. */
  ask: () => Promise<object | string>;
  /** Says why it was not kept; "" when it was. */
  add: (answer: unknown, name: unknown) => Promise<string>;
}

/** Makes a passkey on this device or a key. Needs JavaScript. */
export function PasskeyAdd({ ask, add }: PasskeyAddProps) {
  const works = usePasskeySupport();
  const [said, setSaid] = useState("");
  const [pending, begin] = useTransition();
  const make = (form: FormData) => {
    const name = form.get("passkey-name");
    begin(async () => setSaid(await made(ask, (answer) => add(answer, name))));
  };
  return (
    <>
      <form action={make} aria-label="Add a passkey" className={works ? "space-y-3" : "hidden"}>
        <Field
          id="passkey-name"
          name="passkey-name"
          label="Name of the passkey"
          hint="By which you know it again, for instance the device."
          maxLength={60}
          required
        />
        <Button look="quiet" disabled={pending}>
          Add a passkey
        </Button>
        <p role="status" className="text-sm empty:hidden">
          {said}
        </p>
      </form>
      <noscript>
        <p className="text-ink-soft text-sm">Adding a passkey needs JavaScript.</p>
      </noscript>
    </>
  );
}

async function made(ask: PasskeyAddProps["ask"], add: (answer: unknown) => Promise<string>): Promise<string> {
  const options = await ask();
  if (typeof options === "string") return options;
  let answer: Credential | null;
  try {
    answer = await navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
        options as PublicKeyCredentialCreationOptionsJSON,
      ),
    });
  } catch {
    return "No passkey was made.";
  }
  return (await add((answer as PublicKeyCredential).toJSON())) || "The passkey was added.";
}
