import type { Gap } from "@/lib/core/access/posture";
import { accessEnforcement, accessGaps, type Enforcement } from "../access/enforcement";
import { openNode } from "../node";

/** Reading the server's configuration runs two programs: several people who watch share what it says. */
const FRESH_MS = 5000;

const shared = globalThis as { portcullisGaps?: { at: number; gaps: Promise<Gap[]> } };

/**
 * Whether what is set for accounts is enforced. The map, what Dovecot has loaded, and alarms are looked at now; the server's
 * own configuration is what it was at most a few seconds ago.
 */
export async function recentEnforcement(): Promise<Enforcement> {
  const node = await openNode();
  if (!shared.portcullisGaps || Date.now() - shared.portcullisGaps.at >= FRESH_MS) {
    const gaps = accessGaps(node);
    shared.portcullisGaps = { at: Date.now(), gaps };
    gaps.catch(() => delete shared.portcullisGaps);
  }
  return await accessEnforcement(node, await shared.portcullisGaps.gaps);
}
