import { z } from "zod";
import { networkList } from "@/lib/core/panel/networks";
import { isGuessedFirst } from "@/lib/server/operators/guessed-password";
import { portSchema } from "@/lib/server/sandbox/ports";
import { Unready } from "../prepare/say.mjs";

const schema = z.object({
  PORT: portSchema.default(3000),
  PORTCULLIS_HOST: z.string().min(1).default("127.0.0.1"),
  /** Read by the panel itself; here only what is wrong with it. */
  PORTCULLIS_TRUSTED_PROXIES: networkList.optional(),
  PORTCULLIS_ADMIN_EMAIL: z.email().optional(),
  PORTCULLIS_ADMIN_PASSWORD: z
    .string()
    .min(12, "must have at least 12 characters")
    .refine((password) => !isGuessedFirst(password), "is among those that are guessed first")
    .optional(),
});

export type ServeSettings = z.infer<typeof schema>;

/** A variable as it was given; a secret by its name alone, since what is printed here ends in logs. */
function told(name: string, value = ""): string {
  return name.includes("PASSWORD") ? name : `${name}=${value}`;
}

/** @throws Unready that names every variable that can't be used, and why. */
export function serveSettings(environment: NodeJS.ProcessEnv): ServeSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new Unready(
      parsed.error.issues
        .map(
          ({ path, message }) =>
            `${told(String(path[0]), given[String(path[0])])} can't be used: ${message}.`,
        )
        .join("\n"),
    );
  }
  const { PORTCULLIS_ADMIN_EMAIL: email, PORTCULLIS_ADMIN_PASSWORD: password } = parsed.data;
  if ((email === undefined) !== (password === undefined)) {
    throw new Unready("Set PORTCULLIS_ADMIN_EMAIL and PORTCULLIS_ADMIN_PASSWORD together, or neither.");
  }
  return parsed.data;
}

/** An address that a browser on this machine can open. */
export function panelUrl({ PORTCULLIS_HOST: host, PORT: port }: ServeSettings): string {
  if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
