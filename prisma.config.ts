import { defineConfig } from "prisma/config";

// Only `prisma generate` reads this. Migrations are applied by lib/server/database/migrate.ts, which
// needs no downloaded engine (docs/decisions/003-migrations-without-a-download.md).
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
});
