import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clientSource } from "@/lib/core/api/client-source";
import { openApiDocument } from "@/lib/core/api/openapi";
import { settingsDocument } from "@/lib/core/settings/document";
import { settingsFileSchema } from "@/lib/core/settings/json-schema";

/** What is made from the catalogue and from the API's routes, by path below the checkout. */
export function generatedDocs(): Readonly<Record<string, string>> {
  return {
    "docs/settings.md": settingsDocument(),
    "docs/settings.schema.json": `${JSON.stringify(settingsFileSchema(), null, 2)}\n`,
    "docs/openapi.json": `${JSON.stringify(openApiDocument(), null, 2)}\n`,
    "lib/api-client/client.ts": clientSource(),
  };
}

export function writeDocs(root: string): string[] {
  const docs = generatedDocs();
  for (const [path, content] of Object.entries(docs)) writeFileSync(join(root, path), content);
  return Object.keys(docs);
}
