import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const alias = { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") };
const SECOND_MS = 1000;

export default defineConfig({
  resolve: { alias },
  test: {
    // Two cores: one for the tests, one for the daemons and browsers they talk to.
    maxWorkers: 2,
    globalSetup: "tests/support/scratch.ts",
    projects: [
      {
        resolve: { alias },
        test: { name: "unit", include: ["tests/unit/**/*.test.ts"], testTimeout: 30 * SECOND_MS },
      },
      { resolve: { alias }, test: { name: "golden", include: ["tests/golden/**/*.test.ts"] } },
      {
        resolve: { alias },
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.ts"],
          testTimeout: 60 * SECOND_MS,
          hookTimeout: 60 * SECOND_MS,
          // Daemons of several tests share two cores.
          expect: { poll: { timeout: 20 * SECOND_MS } },
        },
      },
      {
        resolve: { alias },
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          testTimeout: 90 * SECOND_MS,
          hookTimeout: 180 * SECOND_MS,
          // A save is one to two seconds where two tests, two daemons and a browser share two cores.
          expect: { poll: { timeout: 20 * SECOND_MS } },
        },
      },
    ],
  },
});
