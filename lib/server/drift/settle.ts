import { isSettingKey, type SettingsValues, settings } from "@/lib/core/settings/catalogue";
import { sameWanted } from "@/lib/core/settings/changes";
import { lacks } from "@/lib/core/settings/rules";
import type { Wanted } from "@/lib/core/settings/setting";
import { readConfig, supportedVersion } from "@/lib/system/dovecot/doveconf";
import { audit } from "../audit";
import type { Database } from "../database/client";
import { readInForce } from "../mailserver/in-force";
import type { Actor } from "../mailserver/revisions";
import type { SaveRequest } from "../mailserver/save";
import type { MailNode } from "../node";

/** Says that what was found may stay as it is. False where nothing of that name stands. */
export async function leaveDrift(db: Database, key: string, actor: Actor): Promise<boolean> {
  return await db.$transaction(async (write) => {
    const found = await write.drift.findFirst({ where: { key, endedAt: null } });
    if (!found) return false;
    await write.drift.update({ where: { key }, data: { leftBy: actor.name } });
    const sentences = [found.sentence];
    await audit(write, { actor, action: "drift.leave", outcome: "left", subject: key, sentences });
    return true;
  });
}

/** What an edit by hand comes to in settings of ours: what is otherwise on disk than in force. */
async function settingsOnDisk(node: MailNode): Promise<Partial<SettingsValues>> {
  const inForce = await readInForce(node);
  if (!inForce) return {};
  const { family } = await supportedVersion(node.instance);
  const tree = await readConfig(node.instance, node.instance.configFile);
  const patch: Record<string, Wanted> = {};
  for (const setting of settings) {
    if (lacks(setting, { family }) || !isSettingKey(setting.key)) continue;
    const found = setting.read(tree, family);
    const before = inForce.values[setting.key];
    // As found, the server's own files decide: that is no edit of ours.
    if (found === undefined || before === null || setting.idle?.when(inForce.values)) continue;
    if (!sameWanted(found, before)) patch[setting.key] = found;
  }
  return patch;
}

/** The request of a save that takes an edit by hand into the settings. */
export async function adoption(
  node: MailNode,
  actor: Actor,
): Promise<Pick<SaveRequest, "patch" | "baseRevision" | "reason" | "actor" | "replaceEdited">> {
  return {
    patch: await settingsOnDisk(node),
    baseRevision: undefined,
    reason: "Taken over from an edit by hand",
    actor: { ...actor, origin: "drift" },
    // What of the edit is no setting goes; the review shows which lines.
    replaceEdited: true,
  };
}
