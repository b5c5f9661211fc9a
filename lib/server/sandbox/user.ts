import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";

/** As whom the private Dovecot runs. */
export interface SandboxUser {
  name: string;
  group: string;
  uid: number;
  gid: number;
  /** Not the one who started us: we are root and the mail server needn't be. */
  isOther: boolean;
}

const UNPRIVILEGED = "nobody";

/** The one who started us; `nobody` instead of root, because the private Dovecot needs no privilege. */
export async function sandboxUser(): Promise<SandboxUser> {
  const { uid, gid, username } = userInfo();
  if (uid !== 0) return { name: username, group: await groupName(gid), uid, gid, isOther: false };
  const [, , otherUid, otherGid] = (await lines("/etc/passwd")).find(([name]) => name === UNPRIVILEGED) ?? [];
  if (!otherUid || !otherGid)
    throw new Error(`The user ${UNPRIVILEGED}, as whom the private Dovecot runs, is not in /etc/passwd.`);
  return {
    name: UNPRIVILEGED,
    group: await groupName(Number(otherGid)),
    uid: Number(otherUid),
    gid: Number(otherGid),
    isOther: true,
  };
}

async function groupName(gid: number): Promise<string> {
  const entry = (await lines("/etc/group")).find((fields) => fields[2] === String(gid));
  if (!entry?.[0]) throw new Error(`Group ${gid} has no name in /etc/group, and Dovecot asks for one.`);
  return entry[0];
}

async function lines(path: string): Promise<string[][]> {
  return (await readFile(path, "utf8")).split("\n").map((line) => line.split(":"));
}
