import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthEndpoint } from "better-auth/api";
import { expireCookie, setSessionCookie } from "better-auth/cookies";
import { z } from "zod";

/** The library's cookie of a sign-in of which only the password was given so far. */
const PENDING_COOKIE = "two_factor";

/**
 * Opens sessions for people who proved to us who they are, by a code or a passkey. Not reachable over HTTP: the caller
 * has checked the proof.
 */
export function provenSignIn() {
  return {
    id: "proven-sign-in",
    endpoints: {
      /** Whose second factor is waited for in this browser; null where nobody's is, or it took too long. */
      pendingSignIn: createAuthEndpoint.serverOnly(
        { method: "GET", requireHeaders: true },
        async (ctx): Promise<{ userId: string; email: string } | null> => {
          const cookie = ctx.context.createAuthCookie(PENDING_COOKIE);
          const identifier = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
          const pending = identifier
            ? await ctx.context.internalAdapter.findVerificationValue(identifier)
            : null;
          if (!pending || pending.expiresAt < new Date()) return null;
          const user = await ctx.context.internalAdapter.findUserById(pending.value);
          return user ? { userId: user.id, email: user.email } : null;
        },
      ),
      signInProven: createAuthEndpoint.serverOnly(
        { method: "POST", requireHeaders: true, body: z.object({ userId: z.string() }) },
        async (ctx) => {
          const user = await ctx.context.internalAdapter.findUserById(ctx.body.userId);
          if (!user) throw new APIError("UNAUTHORIZED");
          const cookie = ctx.context.createAuthCookie(PENDING_COOKIE);
          const identifier = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
          if (identifier) {
            await ctx.context.internalAdapter.consumeVerificationValue(identifier);
            expireCookie(ctx, cookie);
          }
          const session = await ctx.context.internalAdapter.createSession(user.id, false);
          await setSessionCookie(ctx, { session, user });
          return { token: session.token };
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}
