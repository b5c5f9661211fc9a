import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.mjs";
import { digestOf, makeOnce } from "./fresh.mjs";
import { during } from "./say.mjs";

const PANEL_SOURCES = [
  "app",
  "components",
  "lib",
  "prisma",
  "public",
  "next.config.ts",
  "postcss.config.mjs",
  "proxy.ts",
  "tsconfig.json",
  "package-lock.json",
];

/** Writes the typed database client. Prisma checks that a schema engine is there and doesn't run it. */
export async function generateClient(root) {
  const digest = digestOf(root, ["prisma/schema.prisma", "prisma.config.ts", "package-lock.json"]);
  // Prisma refuses to write into a folder with files that it doesn't know: the stamp lies elsewhere.
  const stamp = join(root, ".build/prisma-client.stamp");
  if (!existsSync(join(root, "prisma/client"))) rmSync(stamp, { force: true });
  await makeOnce(stamp, digest, () =>
    during("database client", "generating", () =>
      command(process.execPath, [join(root, "node_modules/prisma/build/index.js"), "generate"], {
        cwd: root,
        env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" },
      }),
    ),
  );
}

/** Builds the panel once for these sources. */
export async function buildPanel(root) {
  await makeOnce(join(root, ".next/portcullis.stamp"), digestOf(root, PANEL_SOURCES), () =>
    during("panel", "building it once for these sources", () =>
      command(process.execPath, [join(root, "node_modules/next/dist/bin/next"), "build"], {
        cwd: root,
        env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
      }),
    ),
  );
}
