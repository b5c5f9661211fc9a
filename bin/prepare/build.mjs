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
  await makeFor(root, "prisma-client", { digest, product: "prisma/client" }, () =>
    during("database client", "generating", () =>
      command(process.execPath, [join(root, "node_modules/prisma/build/index.js"), "generate"], {
        cwd: root,
        env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" },
      }),
    ),
  );
}

/** Builds the panel once for these sources. A build belongs to no home, so it isn't told one. */
export async function buildPanel(root) {
  const { PORTCULLIS_HOME: _, ...environment } = process.env;
  await makeFor(root, "panel", { digest: digestOf(root, PANEL_SOURCES), product: ".next/BUILD_ID" }, () =>
    during("panel", "building it once for these sources", () =>
      command(process.execPath, [join(root, "node_modules/next/dist/bin/next"), "build"], {
        cwd: root,
        env: { ...environment, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
      }),
    ),
  );
}

/** The stamp lies outside of what is made: both tools clear their folder, and a lock in it would go with the rest. */
async function makeFor(root, name, { digest, product }, make) {
  const stamp = join(root, ".build", `${name}.stamp`);
  if (!existsSync(join(root, product))) rmSync(stamp, { force: true });
  await makeOnce(stamp, digest, make);
}
