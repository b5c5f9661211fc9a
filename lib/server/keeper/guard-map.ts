import { MachineFailure } from "@/lib/core/apply/ports";
import { mendMap } from "../access/mend-map";
import { wantedSequence } from "../access/sequence";
import { clearAlarm, raiseAlarm } from "../alarms";
import { audit } from "../audit";
import type { MailNode } from "../node";

/** Every row is compared so often, whether or not anything seems wrong; a second per million rows. */
const FULL_LOOK_MS = 5 * 60_000;
const ALARM = "access-map";

let lastFullLook = 0;

/** Mends the access map where it is missing, damaged, behind or edited, and says so. */
export async function guardMap(node: MailNode): Promise<void> {
  const due = Date.now() - lastFullLook >= FULL_LOOK_MS;
  if (!due && (await isCurrent(node))) return;
  try {
    const { rebuilt, rows } = await mendMap(node);
    lastFullLook = Date.now();
    await clearAlarm(node.db, ALARM);
    if (!rebuilt && rows === 0) return;
    const sentence = rebuilt
      ? "The access map was missing or damaged and was made anew."
      : `${rows} ${rows === 1 ? "row" : "rows"} of the access map were not as wanted and were mended.`;
    await audit(node.db, {
      actor: { name: "Portcullis", origin: "keeper" },
      action: "access.mend",
      outcome: "done",
      sentences: [sentence],
    });
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    await raiseAlarm(node.db, ALARM, `The access map can't be mended: ${error.message}`);
  }
}

async function isCurrent(node: MailNode): Promise<boolean> {
  try {
    return node.map.sequence() >= (await wantedSequence(node));
  } catch (error) {
    if (error instanceof MachineFailure) return false;
    throw error;
  }
}
