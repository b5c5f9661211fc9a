import type { Metadata } from "next";
import { NewPasswordForm } from "@/components/session/new-password-form";
import { database } from "@/lib/server/database/client";
import { PASSWORD_LENGTH } from "@/lib/server/operators/auth";
import { findLink } from "@/lib/server/operators/links";
import { scopeFrom, scopeWords } from "@/lib/server/operators/scope";
import { accept } from "./actions";

export const metadata: Metadata = { title: "Invitation" };

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const link = await findLink(database(), "invite", token);
  if (!link) {
    return (
      <>
        <h1>This link can’t be used</h1>
        <p>An invitation is good once, and until its end. Ask whoever invited you for a new one.</p>
      </>
    );
  }
  return (
    <>
      <div>
        <h1>Welcome to Portcullis</h1>
        <p className="text-ink-soft">
          {link.createdBy} invites {link.email} as {link.role} for {scopeWords(scopeFrom(link.scope))}.
        </p>
      </div>
      <NewPasswordForm
        token={token}
        email={link.email}
        withName
        shortestPassword={PASSWORD_LENGTH.min}
        label="Accept and sign in"
        action={accept}
      />
    </>
  );
}
