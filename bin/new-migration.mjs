/** `npm run migration -- NAME`: writes the SQL that brings the migrations up to prisma/schema.prisma. */
import { root, setHome } from "./prepare/home.mjs";
import { loadProgram } from "./prepare/programs.mjs";
import { explain } from "./prepare/say.mjs";

try {
  setHome();
  const { newMigration } = await loadProgram(root, "bin/new-migration");
  await newMigration(process.argv[2] ?? "");
} catch (error) {
  explain(error);
}
