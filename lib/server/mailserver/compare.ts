import { MachineFailure, UnsupportedServer } from "@/lib/core/apply/ports";
import { renderSettings } from "@/lib/core/dovecot/render";
import { type Change, changesBetween } from "@/lib/core/settings/changes";
import type { MailNode } from "../node";
import { differenceBetween } from "./file-difference";
import type { Revision } from "./revisions";

export interface Comparison {
  changes: Change[];
  /** The generated files of both, as this server's Dovecot needs them now, in unified form. */
  diff: string;
  /** Why there is no difference of files. */
  trouble: string | null;
}

/** What lies between two revisions, in settings and in the files that they come to on this server. */
export async function compareRevisions(
  { ports }: Pick<MailNode, "ports">,
  from: Pick<Revision, "number" | "values">,
  to: Pick<Revision, "number" | "values">,
): Promise<Comparison> {
  const changes = changesBetween(from.values, to.values);
  try {
    const target = await ports.target();
    const [left, right] = [from, to].map(({ values }) => renderSettings(values, target, ports.digest).files);
    const diff = differenceBetween(
      left ?? {},
      right ?? {},
      `revision-${from.number}`,
      `revision-${to.number}`,
    );
    return { changes, diff, trouble: null };
  } catch (error) {
    if (!(error instanceof MachineFailure || error instanceof UnsupportedServer)) throw error;
    return { changes, diff: "", trouble: `The files can't be compared: ${error.message}` };
  }
}
