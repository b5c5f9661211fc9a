import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { generatedDocs } from "@/bin/generated-docs";

it.each(Object.entries(generatedDocs()))("%s is as its source makes it (npm run docs)", (path, content) => {
  const url = new URL(`../../../${path}`, import.meta.url);
  expect(readFileSync(fileURLToPath(url), "utf8")).toBe(content);
});
