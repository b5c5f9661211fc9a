"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { usePasskeySupport } from "./passkey-support";

interface PasskeyProofProps {
  label: string;
  next: string;
  /** What the passkey has to sign, or why there is nothing. */
  ask: () => Promise<object | string>;
  /** Goes on to `next`, or says why not. */
  prove: (answer: unknown, next: string) => Promise<string>;
}

/** Proves by a passkey who somebody is. Needs JavaScript: without it the button isn't seen. */
export function PasskeyProof({ label, next, ask, prove }: PasskeyProofProps) {
  const works = usePasskeySupport();
  const [problem, setProblem] = useState("");
  const [pending, begin] = useTransition();
  const use = () => begin(async () => setProblem(await proven(ask, (answer) => prove(answer, next))));
  return (
    <div className={works ? "space-y-2" : "hidden"}>
      <Button type="button" look="quiet" className="w-full" disabled={pending} onClick={use}>
        {label}
      </Button>
      <p role="status" className="text-bad text-sm empty:hidden">
        {problem}
      </p>
    </div>
  );
}

async function proven(
  ask: PasskeyProofProps["ask"],
  prove: (answer: unknown) => Promise<string>,
): Promise<string> {
  const options = await ask();
  if (typeof options === "string") return options;
  let answer: Credential | null;
  try {
    answer = await navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
        options as PublicKeyCredentialRequestOptionsJSON,
      ),
    });
  } catch {
    // It was cancelled, took too long, or there is none: browsers don't tell which.
    return "No passkey was used.";
  }
  return await prove((answer as PublicKeyCredential).toJSON());
}
