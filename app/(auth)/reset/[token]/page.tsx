import type { Metadata } from "next";
import { NewPasswordForm } from "@/components/session/new-password-form";
import { database } from "@/lib/server/database/client";
import { PASSWORD_LENGTH } from "@/lib/server/operators/auth";
import { findLink } from "@/lib/server/operators/links";
import { reset } from "./actions";

export const metadata: Metadata = { title: "New password" };

export default async function ResetPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const link = await findLink(database(), "reset", token);
  if (!link) {
    return (
      <>
        <h1>This link can’t be used</h1>
        <p>It is good once, and until its end. Ask an administrator for a new one.</p>
      </>
    );
  }
  return (
    <>
      <div>
        <h1>New password</h1>
        <p className="text-ink-soft">For {link.email}. All open sessions end; the second factor stays.</p>
      </div>
      <NewPasswordForm
        token={token}
        email={link.email}
        withName={false}
        shortestPassword={PASSWORD_LENGTH.min}
        label="Set the password"
        action={reset}
      />
    </>
  );
}
