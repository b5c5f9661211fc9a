import { createHash } from "node:crypto";
import { renderSettings } from "@/lib/core/dovecot/render";
import { PLAIN_SITE } from "@/lib/core/dovecot/target";
import { FAMILIES } from "@/lib/core/dovecot/version";
import { type SettingsValues, settings } from "@/lib/core/settings/catalogue";
import { defaultSettings } from "@/lib/core/settings/schema";
import { type BenchReport, type BenchRow, figure, figuresOf, repeated } from "./measure";

const ROUNDS = 500;

/** Every setting has a value and none is without effect. */
const EVERYTHING: SettingsValues = {
  ...defaultSettings,
  imap_port: 1143,
  imaps_port: 1993,
  pop3_port: 1110,
  pop3s_port: 1995,
  listen_addresses: ["192.0.2.1", "2001:db8::1"],
  auth_cache_size_mb: 16,
  tls13_suites: "TLS_AES_256_GCM_SHA384",
  compress: true,
  trash_expunge: true,
  spam_expunge: true,
};

/** Settings in, files out, in this process: nothing else of a save is in it. */
export default async function bench(): Promise<BenchReport> {
  const digest = (text: string) => createHash("sha256").update(text).digest("hex");
  const rows: BenchRow[] = [];
  for (const family of FAMILIES) {
    const target = { family, otherProtocols: ["lmtp"], site: PLAIN_SITE };
    for (const [name, values] of Object.entries({
      defaults: defaultSettings,
      "everything set": EVERYTHING,
    })) {
      const taken = await repeated(ROUNDS, () => renderSettings(values, target, digest), ROUNDS);
      const { files } = renderSettings(values, target, digest);
      const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      rows.push(
        { what: `settings.conf for ${family}, ${name}`, unit: "ms", ours: figuresOf(taken) },
        { what: `settings.conf for ${family}, ${name}, size`, unit: "kB", ours: figure(bytes / 1000) },
      );
    }
  }
  return {
    title: `Rendering the whole catalogue (${settings.length} settings)`,
    rows,
    notes: ["One process, warmed up."],
  };
}
