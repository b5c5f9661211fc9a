import { readFileSync } from "node:fs";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { admin } from "better-auth/plugins";
import { adminAc, userAc } from "better-auth/plugins/admin/access";
import { twoFactor } from "better-auth/plugins/two-factor";
import { database } from "../database/client";
import { currentHome } from "../home";
import { cookieName, isServedByTls } from "../served-by-tls";
import { provenSignIn } from "./proven-sign-in";

/** Shortest and longest password of an operator of the panel; in characters. */
export const PASSWORD_LENGTH = { min: 12, max: 128 };

/** Sign-in and sessions of the panel's operators, by better-auth. `extra` are plugins of the place it is used in. */
export function makeAuth<Plugins extends NonNullable<BetterAuthOptions["plugins"]>>(extra: Plugins) {
  return betterAuth({
    appName: "Portcullis",
    baseURL: process.env.PORTCULLIS_URL ?? "http://127.0.0.1",
    secret: readFileSync(currentHome().secret, "utf8").trim(),
    database: prismaAdapter(database(), { provider: "sqlite" }),
    emailAndPassword: {
      enabled: true,
      // Otherwise anybody could register. Operators are made by `createOperator` only.
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
    },
    // "Account" is a mail account's name here.
    account: { modelName: "credential" },
    session: {
      // From the sign-in on, however busy it is: a working day (decision 046).
      expiresIn: 60 * 60 * 12,
      disableSessionRefresh: true,
      additionalFields: {
        secondFactorAt: { type: "date", required: false, input: false },
        confirmedAt: { type: "date", required: false, input: false },
      },
    },
    advanced: {
      // The library's own prefix for secure cookies lets other hosts of the domain write them.
      useSecureCookies: false,
      cookiePrefix: cookieName("portcullis"),
      defaultCookieAttributes: { secure: isServedByTls() },
    },
    telemetry: { enabled: false },
    logger: { level: "error" },
    user: { additionalFields: { scope: { type: "string", required: false, input: false } } },
    plugins: [
      admin({
        defaultRole: "reviewer",
        adminRoles: ["administrator"],
        // Who may do what in the panel stands in lib/core/operators/roles; these only name the roles.
        roles: { administrator: adminAc, operator: userAc, reviewer: userAc },
      }),
      twoFactor({
        // The library's own lock would let whoever knows the password lock its owner out; sign-in-limit slows instead.
        accountLockout: { enabled: false },
        twoFactorCookieMaxAge: 10 * 60,
      }),
      provenSignIn(),
      ...extra,
    ],
  });
}
