import { z } from "zod";

export const BACKUP_FORMAT = "portcullis-backup/1";
export const MANIFEST_FILE = "manifest.json";
/** Where the archive has what lies beside Dovecot's configuration; it isn't put back by itself. */
export const GENERATED = "generated/";

/** A path within the home or below `generated/`: no way out of the folder that it is unpacked into. */
const innerPath = z
  .string()
  .min(1)
  .max(1000)
  .refine((path) => path.split("/").every((part) => part !== "" && part !== "." && part !== ".."), {
    message: "It leads out of the folder.",
  });

const fileSchema = z.object({
  path: innerPath,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.number().int().min(0),
  /** Permission bits. */
  mode: z.number().int().min(0).max(0o777),
});

export const manifestSchema = z.object({
  format: z.literal(BACKUP_FORMAT),
  createdAt: z.iso.datetime(),
  why: z.string().max(200),
  /** Of Portcullis. */
  version: z.string(),
  node: z.string(),
  /** "" where it could not be asked. */
  dovecot: z.string(),
  host: z.string(),
  home: z.string(),
  /** That the database has. */
  migrations: z.array(z.string()),
  files: z.array(fileSchema),
  /** What of the home could not be read by who made it. */
  leftOut: z.array(z.string()),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type BackedUpFile = z.infer<typeof fileSchema>;

/** Migrations that this program doesn't know: a newer one made the backup. */
export function aheadOf({ migrations }: Pick<Manifest, "migrations">, known: readonly string[]): string[] {
  return migrations.filter((name) => !known.includes(name));
}
