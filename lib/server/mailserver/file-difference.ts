import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";
import type { FileSet } from "@/lib/core/dovecot/render";

/** Two sets of generated files in unified form; empty when they are the same. */
export function differenceBetween(from: FileSet, to: FileSet, fromName: string, toName: string): string {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted();
  return names
    .filter((name) => from[name] !== to[name])
    .map((name) =>
      formatPatch(
        structuredPatch(`${fromName}/${name}`, `${toName}/${name}`, from[name] ?? "", to[name] ?? ""),
        FILE_HEADERS_ONLY,
      ),
    )
    .join("\n");
}
