import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createBackup } from "@/lib/server/backup/create";
import { keptBackups } from "@/lib/server/backup/list";
import { withBackup } from "@/lib/server/backup/read";
import { restoreBackup } from "@/lib/server/backup/restore";
import { upgradeDatabase } from "@/lib/server/backup/upgrade";
import { type Home, homeAt } from "@/lib/server/home";
import { MIGRATIONS, testDatabase } from "../support/database";

const ACTOR = { name: "tester", origin: "cli" } as const;

let home: Home;
let made: Awaited<ReturnType<typeof testDatabase>>;
let scratch: string;

beforeEach(async () => {
  made = await testDatabase();
  home = homeAt(made.folder);
  scratch = mkdtempSync(join(tmpdir(), "portcullis-backup-"));
  writeFileSync(home.secret, "0123456789abcdef\n", { mode: 0o600 });
  mkdirSync(join(home.hooks, "after"), { recursive: true });
  writeFileSync(join(home.hooks, "after/tell"), "#!/bin/sh\n", { mode: 0o755 });
  symlinkSync("/etc/shadow", join(home.hooks, "after/link"));
});
afterEach(async () => {
  await made.remove();
  rmSync(scratch, { recursive: true, force: true });
});

const check = (file: string) => withBackup(home, file, MIGRATIONS, async (_, manifest) => manifest);
const rename = async (email: string) => {
  await made.db.user.updateMany({ data: { email } });
};

it("is one file for its owner only, with what the state is and nothing else, and puts it back", async () => {
  await made.db.user.create({
    data: {
      id: "1",
      email: "anna@panel.example",
      name: "Anna",
      emailVerified: true,
      createdAt: new Date(),
      updatedAt: new Date(),
    },
  });
  const { path, manifest } = await createBackup(home, { why: "by hand" });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(manifest.files.map((file) => file.path)).toEqual([
    "hooks/after/tell",
    "portcullis.sqlite",
    "secret",
  ]);
  expect(await check(path)).toEqual(manifest);
  await rename("later@panel.example");
  writeFileSync(home.secret, "another\n");
  rmSync(join(home.hooks, "after/tell"));
  await made.db.$disconnect();

  const restored = await restoreBackup(home, { file: path, migrationsFolder: MIGRATIONS, actor: ACTOR });
  expect(restored).toMatchObject({ upgraded: [], auditWhole: true });
  expect((await made.db.user.findFirstOrThrow()).email).toBe("anna@panel.example");
  expect(readFileSync(home.secret, "utf8")).toBe("0123456789abcdef\n");
  expect(statSync(join(home.hooks, "after/tell")).mode & 0o777).toBe(0o755);
  const kept = restored.kept ?? "";
  expect(readFileSync(join(kept, "secret"), "utf8")).toBe("another\n");
  expect(readdirSync(kept)).toContain("portcullis.sqlite");
  expect(readdirSync(home.backups).filter((name) => name.startsWith("."))).toEqual([]);
});

it("is refused before anything is touched where it isn't whole, isn't one, or is a newer version's", async () => {
  const { path } = await createBackup(home, { why: "by hand" });
  const unpacked = join(scratch, "unpacked");
  /** The same backup with something done to what is in it. */
  const changed = (change: (folder: string) => void, names?: string[]) => {
    rmSync(unpacked, { recursive: true, force: true });
    mkdirSync(unpacked);
    execFileSync("tar", ["-xzf", path, "-C", unpacked]);
    change(unpacked);
    const file = join(scratch, "changed.tar.gz");
    execFileSync("tar", ["-czf", file, "-C", unpacked, ...(names ?? readdirSync(unpacked))]);
    return file;
  };
  const manifest = (edit: (text: string) => string) => (folder: string) => {
    const file = join(folder, "manifest.json");
    writeFileSync(file, edit(readFileSync(file, "utf8")));
  };
  const before = readFileSync(home.database);
  for (const [make, sentence] of [
    [
      () => changed((folder) => writeFileSync(join(folder, "secret"), "mine")),
      /secret in .* is not as it was backed up/,
    ],
    [() => changed((folder) => rmSync(join(folder, "secret"))), /lacks secret/],
    [
      () => changed((folder) => writeFileSync(join(folder, "more"), "x")),
      /holds more, which its manifest doesn't name/,
    ],
    [
      () => changed((folder) => symlinkSync("/etc", join(folder, "way-out"))),
      /holds what no backup does: way-out/,
    ],
    [() => changed(manifest((text) => text.replace('"secret"', '"../secret"'))), /can't make sense of/],
    [
      () => changed(manifest((text) => text.replace('"0001_initial"', '"9999_later"'))),
      /made by a newer Portcullis .*9999_later/,
    ],
    [() => changed(manifest((text) => text.replace("backup/1", "backup/2"))), /can't make sense of/],
    [() => changed((folder) => rmSync(join(folder, "manifest.json"))), /is no backup of Portcullis/],
    [
      () => {
        const file = join(scratch, "cut.tar.gz");
        writeFileSync(file, readFileSync(path).subarray(0, 3000));
        return file;
      },
      /is no whole .tar.gz/,
    ],
    [
      () => {
        const file = join(scratch, "text.tar.gz");
        writeFileSync(file, "This is a text.\n".repeat(200));
        return file;
      },
      /is no whole .tar.gz|is no backup of Portcullis/,
    ],
    [() => join(scratch, "none.tar.gz"), /none.tar.gz/],
  ] as const) {
    const file = make();
    await expect(
      restoreBackup(home, { file, migrationsFolder: MIGRATIONS, actor: ACTOR }),
      String(sentence),
    ).rejects.toThrow(sentence);
  }
  expect(readFileSync(home.database)).toEqual(before);
  expect(readdirSync(home.backups)).toHaveLength(1);
  await expect(createBackup(home, { why: "by hand", file: path })).rejects.toThrow(/is there already/);
});

it("is made before each upgrade of a database with something in it; the last three are kept, and an older one is brought up to date", async () => {
  await made.db.$disconnect();
  const folder = join(scratch, "migrations");
  cpSync(MIGRATIONS, folder, { recursive: true });
  expect(await upgradeDatabase(home, folder)).toEqual({ applied: [], backup: undefined });
  for (const number of [1, 2, 3, 4, 5]) {
    const name = `999${number}_more`;
    mkdirSync(join(folder, name));
    writeFileSync(
      join(folder, name, "migration.sql"),
      `CREATE TABLE "More${number}" ("id" INTEGER PRIMARY KEY);\n`,
    );
    const { applied, backup } = await upgradeDatabase(home, folder);
    expect(applied).toEqual([name]);
    const { manifest } = await withBackup(home, backup ?? "", folder, async (_, one) => ({ manifest: one }));
    expect(manifest.migrations).not.toContain(name);
  }
  const kept = await keptBackups(home);
  expect(kept).toHaveLength(3);
  await expect(upgradeDatabase(home, MIGRATIONS)).rejects.toThrow(
    /A newer Portcullis has changed .*9991_more/,
  );
  const restored = await restoreBackup(home, {
    file: kept.at(-1)?.path ?? "",
    migrationsFolder: folder,
    actor: ACTOR,
  });
  expect(restored).toMatchObject({ upgraded: ["9993_more", "9994_more", "9995_more"], auditWhole: true });
});
