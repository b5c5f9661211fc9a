import { execFileSync } from "node:child_process";
import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { WEB } from "./helper-sandbox";
import { runToEnd } from "./run-script";

/**
 * A folder to change the root into, in which each of Dovecot's programs notes who runs it. `instance.json` of a home is made to
 * name it, as its owner could.
 */
export async function nameEvilPrograms(home: string, folder: string) {
  const root = join(folder, "evil");
  const ran = join(root, "ran");
  const shell = "/bin/sh";
  const libraries = execFileSync("ldd", [shell], { encoding: "utf8" }).match(/\/\S+/g) ?? [];
  for (const path of [shell, ...libraries]) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await copyFile(path, join(root, path));
  }
  await mkdir(join(root, "usr/sbin"), { recursive: true });
  for (const name of ["dovecot", "doveconf", "doveadm"]) {
    await writeFile(join(root, "usr/sbin", name), "#!/bin/sh\n: > /ran/$$\n", { mode: 0o755 });
  }
  await mkdir(ran);
  await chmod(ran, 0o1777);
  const description = join(home, "instance.json");
  const known = JSON.parse(await readFile(description, "utf8")) as { instance: object };
  const changed = { kind: "system", instance: { ...known.instance, root } };
  const script = 'require("fs").writeFileSync(process.argv[1], process.argv[2])';
  await runToEnd(process.execPath, ["-e", script, description, JSON.stringify(changed)], {}, WEB);
  return {
    /** The users that ran one of its programs. */
    async ranAs(): Promise<number[]> {
      const names = await readdir(ran);
      const users = await Promise.all(names.map(async (name) => (await stat(join(ran, name))).uid));
      return [...new Set(users)];
    },
  };
}
