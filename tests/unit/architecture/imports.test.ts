import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importsBelow, violations } from "../../support/imports";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

describe("the import table", () => {
  it("holds everywhere", () => {
    expect(importsBelow(ROOT).length).toBeGreaterThan(200);
    expect(violations(ROOT)).toEqual([]);
  });

  describe("catches a planted violation", () => {
    let copy: string;
    beforeAll(() => {
      copy = mkdtempSync(join(tmpdir(), "portcullis-imports-"));
      for (const room of ["lib", "app", "components", "bin"])
        cpSync(join(ROOT, room), join(copy, room), { recursive: true });
    });
    afterAll(() => rmSync(copy, { recursive: true }));

    it.each([
      [
        "lib/core/planted.ts",
        'import { readFileSync } from "node:fs";',
        "lib/core may not import this package",
      ],
      [
        "lib/core/planted.ts",
        'import { run } from "@/lib/system/run";',
        "lib/core may not import lib/system",
      ],
      ["lib/core/planted.ts", 'import { run } from "../system/run";', "lib/core may not import lib/system"],
      ["lib/core/planted.ts", 'export { run } from "../system/run";', "lib/core may not import lib/system"],
      [
        "lib/core/planted.ts",
        'export const later = () => import("next/headers");',
        "lib/core may not import this package",
      ],
      [
        "lib/system/planted.ts",
        'import { headers } from "next/headers";',
        "lib/system may not import this package",
      ],
      [
        "lib/system/planted.ts",
        'import { PrismaClient } from "@/prisma/client/client";',
        "lib/system may not import this package",
      ],
      [
        "lib/server/planted.ts",
        'import { cookies } from "next/headers";',
        "lib/server may not import this package",
      ],
      [
        "components/ui/planted.tsx",
        'import { catalogue } from "@/lib/core/settings/catalogue";',
        "components take only types from lib/core",
      ],
      [
        "components/ui/planted.tsx",
        'import { database } from "@/lib/server/database/client";',
        "components may not import lib/server",
      ],
      ["app/planted.ts", 'import { readFile } from "node:fs/promises";', "app may not import this package"],
      ["app/planted.ts", 'import { run } from "@/lib/system/run";', "app may not import lib/system"],
      [
        "app/planted.ts",
        'import { commit } from "@/lib/core/apply/commit";',
        "app takes only types and schemas from lib/core",
      ],
      [
        "bin/planted.ts",
        'import { defineAction } from "@/lib/server/web/action";',
        "bin may not import lib/server/web",
      ],
    ])("in %s: %s", (file, line, complaint) => {
      writeFileSync(join(copy, file), `${line}\n`);
      const found = violations(copy);
      rmSync(join(copy, file));
      expect(found).toEqual([expect.stringContaining(complaint)]);
    });
  });
});
