import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Permission } from "@/lib/core/operators/roles";

const APP = fileURLToPath(new URL("../../app", import.meta.url));

/** What stands for a part of a path that can be anything. */
const PATH_EXAMPLES: Readonly<Record<string, string>> = {
  "[address]": "ben%40riverside.example",
  "[name]": "riverside.example",
  "[id]": "1",
  "[n]": "1",
  "[group]": "alerts",
  "[token]": "forged.AAAA",
  "[...path]": "status",
};

/** A page or an endpoint, read from the folders: a new one is tried without being named anywhere. */
export interface Door {
  route: string;
  isPage: boolean;
  /** What its source asks for; undefined for what is open, or asks for something else. */
  permission: Permission | undefined;
}

export function doors(): Door[] {
  return readdirSync(APP, { recursive: true, encoding: "utf8" })
    .filter((path) => /(?:^|\/)(?:page|route)\.tsx?$/.test(path))
    .map((path) => ({
      route: routeOf(path),
      isPage: path.endsWith("page.tsx"),
      permission: permissionIn(readFileSync(join(APP, path), "utf8")),
    }))
    .toSorted((a, b) => a.route.localeCompare(b.route));
}

function routeOf(path: string): string {
  const parts = path.split("/").slice(0, -1);
  return `/${parts
    .filter((part) => !part.startsWith("("))
    .map((part) => (part.startsWith("[") ? (PATH_EXAMPLES[part] ?? part) : part))
    .join("/")}`;
}

function permissionIn(source: string): Permission | undefined {
  return /(?:requireOperator\(|may\(operator, )"([a-z.]+)"/.exec(source)?.[1] as Permission | undefined;
}

/** Every action that a page can send, with what its source asks for. */
export function actions(): { file: string; permission: Permission | undefined }[] {
  return readdirSync(APP, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("actions.ts"))
    .flatMap((file) => {
      const source = readFileSync(join(APP, file), "utf8");
      return source
        .split("defineAction")
        .slice(1)
        .filter((part) => part.trimStart().startsWith("<") || part.trimStart().startsWith("("))
        .map((part) => ({
          file,
          permission: /permission: "([a-z.]+)"/.exec(part)?.[1] as Permission | undefined,
        }));
    });
}
