import { z } from "zod";
import { portSchema } from "@/lib/server/sandbox/ports";

const schema = z.object({
  PORT: portSchema.default(3000),
  PORTCULLIS_HOST: z.string().min(1).default("127.0.0.1"),
  PORTCULLIS_ADMIN_EMAIL: z.email().optional(),
  PORTCULLIS_ADMIN_PASSWORD: z.string().min(12, "must have at least 12 characters").optional(),
});

export type ServeSettings = z.infer<typeof schema>;

/** @throws Error that names every variable that can't be used, and why. */
export function serveSettings(environment: NodeJS.ProcessEnv): ServeSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new Error(
      parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("\n"),
    );
  }
  const { PORTCULLIS_ADMIN_EMAIL: email, PORTCULLIS_ADMIN_PASSWORD: password } = parsed.data;
  if ((email === undefined) !== (password === undefined)) {
    throw new Error("Set PORTCULLIS_ADMIN_EMAIL and PORTCULLIS_ADMIN_PASSWORD together, or neither.");
  }
  return parsed.data;
}
