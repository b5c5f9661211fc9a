import { PROTOCOLS } from "@/lib/core/access/rules";
import { MachineFailure, unlessMachineFails } from "@/lib/core/apply/ports";
import { ACCESS_FILE, queryFile } from "@/lib/core/dovecot/access-files";
import { type FileSet, SETTINGS_FILE } from "@/lib/core/dovecot/render";
import type { FileState } from "@/lib/system/dovecot/file-states";
import { differenceBetween } from "../mailserver/file-difference";
import type { RecordedInForce } from "../mailserver/in-force";
import type { MailNode } from "../node";
import type { Finding } from "./finding";

/** The access map can be asked. */
export function mapFindings(node: MailNode): Finding[] {
  try {
    node.map.sequence();
    return [];
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    const sentence = `The access map is missing or can't be read, so Dovecot refuses every IMAP and POP3 login: ${error.message}`;
    return [{ key: "access-map", kind: "access-map", severity: "alarm", sentence, diff: "" }];
  }
}

/** Our own files are there, as files, readable for Dovecot, and as they were applied. */
export async function fileFindings(
  node: MailNode,
  inForce: RecordedInForce,
  states: readonly FileState[],
): Promise<Finding[]> {
  const findings = states.flatMap((state): Finding[] => {
    const { path } = state;
    const loud =
      path.endsWith(ACCESS_FILE) || PROTOCOLS.some((protocol) => path.endsWith(queryFile(protocol)));
    const base = { severity: loud ? "alarm" : "warning", diff: "" } as const;
    const which = loud
      ? " It is what asks whether an account may sign in: after a reload or restart it would not."
      : "";
    if (state.state === "missing")
      return [{ ...base, key: `removed:${path}`, kind: "removed", sentence: `${path} was removed.${which}` }];
    if (state.state === "other")
      return [
        {
          ...base,
          key: `replaced:${path}`,
          kind: "replaced",
          sentence: `${path} was replaced by a link or a folder.${which}`,
        },
      ];
    if (!state.readable)
      return [
        {
          ...base,
          key: `unreadable:${path}`,
          kind: "unreadable",
          sentence: `${path} can't be read by Dovecot any more.${which}`,
        },
      ];
    return [];
  });
  if (states.some(({ state }) => state === "missing")) return findings;
  const live = await node.ports.readLive().catch(unlessMachineFails);
  const good = await node.ports.readGood().catch(unlessMachineFails);
  return [...findings, ...(live ? editedFindings(node, inForce, live, good) : [])];
}

function editedFindings(
  node: MailNode,
  { fileDigests }: RecordedInForce,
  live: FileSet,
  good: FileSet | undefined,
): Finding[] {
  return Object.entries(live)
    .filter(([name, content]) => fileDigests[name] !== node.ports.digest(content))
    .map(([name, content]) => {
      const was = good?.[name];
      const isAsKept = was !== undefined && fileDigests[name] === node.ports.digest(was);
      const loud = name !== SETTINGS_FILE;
      return {
        key: `edited:${name}`,
        kind: "edited",
        severity: loud ? "alarm" : "warning",
        sentence: `${name} was edited by hand since it was last applied.${loud ? " It is what asks whether an account may sign in." : ""}`,
        diff: isAsKept ? differenceBetween({ [name]: was }, { [name]: content }, "applied", "found") : "",
      };
    });
}
