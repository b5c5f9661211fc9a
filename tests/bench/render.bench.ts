import { createHash } from "node:crypto";
import { renderSettings } from "@/lib/core/dovecot/render";
import { PLAIN_SITE } from "@/lib/core/dovecot/target";
import { FAMILIES } from "@/lib/core/dovecot/version";
import { defaultSettings } from "@/lib/core/settings/schema";
import { type BenchReport, type BenchRow, figure, figuresOf, repeated } from "./measure";

const ROUNDS = 500;

/** Settings in, files out, in this process: nothing else of a save is in it. */
export default async function bench(): Promise<BenchReport> {
  const digest = (text: string) => createHash("sha256").update(text).digest("hex");
  const rows: BenchRow[] = [];
  for (const family of FAMILIES) {
    const target = { family, otherProtocols: ["lmtp"], site: PLAIN_SITE };
    const taken = await repeated(ROUNDS, () => renderSettings(defaultSettings, target, digest), ROUNDS);
    const { files } = renderSettings(defaultSettings, target, digest);
    const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    rows.push(
      { what: `settings.conf for ${family}`, unit: "ms", ours: figuresOf(taken) },
      { what: `settings.conf for ${family}, size`, unit: "kB", ours: figure(bytes / 1000) },
    );
  }
  return { title: "Rendering", rows, notes: ["One process, warmed up; the defaults of every setting."] };
}
