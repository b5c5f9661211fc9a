import { mkdir } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { z } from "zod";
import { MachineFailure } from "@/lib/core/apply/ports";
import { isPlainPath } from "@/lib/core/dovecot/plain-path";
import { type DovecotInstance, generatedDir, outside } from "../dovecot/instance";
import { readIfThere } from "../files";
import { requireOwn } from "./safe-path";

const path = z.string().refine(isPlainPath, "must be an absolute path of letters, digits and _ . / -");
const id = z.number().int().min(0);

const configSchema = z.strictObject({
  /** Which Dovecot, and where its files lie: nothing else is ever written. */
  instance: z.strictObject({
    root: z.literal("").or(path),
    configFile: path,
    baseDir: path,
    stagingDir: path,
    user: z.strictObject({ uid: id, gid: id }).optional(),
  }),
  /** The group that may speak to the helper. */
  group: id,
  socket: path.optional(),
});

export interface HelperConfig {
  instance: DovecotInstance;
  group: number;
  socket: string;
  /** What it must remember over a restart. */
  journal: string;
  record: string;
}

export const DEFAULT_SOCKET = "/run/portcullis/helper.sock";

/**
 * Reads the helper's own configuration, `helper.json` in its folder. Neither the folder nor Dovecot's files may be anybody
 * else's: who could change them would have what the helper has.
 * @throws MachineFailure that says what is wrong with it.
 */
export async function readHelperConfig(home: string, socket?: string): Promise<HelperConfig> {
  const file = join(home, "helper.json");
  const text = await readIfThere(file);
  if (text === undefined)
    throw new MachineFailure(`${file} is not there (docs/privilege.md says what stands in it).`);
  await requireOwn(file);
  const parsed = configSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new MachineFailure(`${file} can't be used: ${z.prettifyError(parsed.error)}`);
  const { instance, group } = parsed.data;
  const at = (one: string) => outside(instance, one);
  await requireOwn(at(instance.configFile));
  for (const folder of [generatedDir(instance), instance.stagingDir].map(at)) {
    await mkdir(folder, { mode: 0o755 }).catch(() => {});
    await requireOwn(folder);
  }
  const chosen = socket ?? parsed.data.socket ?? DEFAULT_SOCKET;
  if (!isAbsolute(chosen)) throw new MachineFailure(`The socket needs an absolute path, not ${chosen}.`);
  await requireOwn(dirname(dirname(chosen)));
  return {
    instance,
    group,
    socket: chosen,
    journal: join(home, "journal.json"),
    record: join(home, "record.json"),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
