import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { parseSync } from "oxc-parser";

/** An import of one file by another, or of a package. */
export interface Import {
  /** The importing file, relative to the checkout. */
  from: string;
  /** A file relative to the checkout (without its ending), or a package's name. */
  to: string;
  typeOnly: boolean;
}

/** Rooms of the house, from the most special folder to the most general. */
const ROOMS = [
  "lib/core",
  "lib/system",
  "lib/api-client",
  "lib/server/web",
  "lib/server",
  "app",
  "components",
  "bin",
] as const;
export type Room = (typeof ROOMS)[number];

/** What each room may import besides itself; docs/architecture.md has the same table for people. */
const MAY: Readonly<
  Record<Room, { rooms: readonly Room[]; packages: (name: string) => boolean; coreValues?: boolean }>
> = {
  "lib/core": { rooms: [], packages: (name) => name === "zod" },
  "lib/system": { rooms: ["lib/core"], packages: (name) => !isReact(name) && !isPrisma(name) },
  // Whoever calls the API needs nothing but fetch.
  "lib/api-client": { rooms: ["lib/core"], packages: () => false },
  "lib/server": { rooms: ["lib/core", "lib/system"], packages: (name) => !isReact(name) },
  "lib/server/web": { rooms: ["lib/core", "lib/system", "lib/server"], packages: () => true },
  app: {
    rooms: ["components", "lib/server", "lib/server/web", "lib/core"],
    packages: (name) => !isPrisma(name) && !name.startsWith("node:"),
  },
  components: {
    rooms: ["lib/core"],
    packages: (name) =>
      ["react", "next/form", "next/link", "next/navigation", "lucide-react", "d3-scale", "d3-shape"].includes(
        name,
      ),
  },
  bin: {
    rooms: ["lib/core", "lib/system", "lib/server", "lib/api-client"],
    packages: (name) => !isReact(name) && !isPrisma(name),
  },
};

/** Core's catalogue and schemas are shared with pages; its behaviour is not. Components take types only. */
const SCHEMAS =
  /^lib\/core\/(?:settings\/|panel\/|notes\/|use\/span$|sessions\/query$|audit\/query$|access\/(?:form-schemas|list-query|domain-query|bulk-query|bulk-choice)$)/;

function isReact(name: string): boolean {
  return /^(?:react|react-dom|next|better-auth\/next-js)(?:\/|$)/.test(name);
}

function isPrisma(name: string): boolean {
  return /^@?prisma(?:\/|$)/.test(name) || name.startsWith("prisma/client");
}

/** Every sentence that is wrong with the imports below a folder. */
export function violations(root: string): string[] {
  return importsBelow(root).flatMap((one) => {
    const complaint = complaintAbout(one);
    return complaint ? [`${one.from} imports ${one.to}: ${complaint}`] : [];
  });
}

export function importsBelow(root: string): Import[] {
  return ["lib", "app", "components", "bin"]
    .flatMap((folder) => sourceFiles(join(root, folder)))
    .flatMap((file) => importsOf(root, file));
}

function complaintAbout({ from, to, typeOnly }: Import): string | undefined {
  const room = roomOf(from);
  if (!room) return undefined;
  const target = roomOf(to);
  const { rooms, packages } = MAY[room];
  if (!target) return packages(to) ? undefined : `${room} may not import this package`;
  if (target === room) return undefined;
  if (!rooms.includes(target)) return `${room} may not import ${target}`;
  if (target === "lib/core" && room === "components" && !typeOnly)
    return "components take only types from lib/core";
  // What an operator may see is in the node that is his: web/node gives it.
  if (to === "lib/server/node" && room === "app" && !typeOnly)
    return "app takes the operator's own node, from lib/server/web/node";
  if (target === "lib/core" && room === "lib/api-client" && !typeOnly)
    return "the client takes only types from lib/core";
  if (target === "lib/core" && room === "app" && !typeOnly && !SCHEMAS.test(to))
    return "app takes only types and schemas from lib/core";
  return undefined;
}

function roomOf(path: string): Room | undefined {
  return ROOMS.find((room) => path === room || path.startsWith(`${room}/`));
}

function importsOf(root: string, file: string): Import[] {
  const { module } = parseSync(file, readFileSync(file, "utf8"));
  const from = relative(root, file).split(sep).join("/");
  const fixed = module.staticImports.map(({ moduleRequest, entries }) => ({
    name: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ name: moduleRequest.value, typeOnly: isType }] : [],
    ),
  );
  const source = readFileSync(file, "utf8");
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest }) => {
    const text = source.slice(moduleRequest.start, moduleRequest.end);
    return /^["'].*["']$/.test(text) ? [{ name: text.slice(1, -1), typeOnly: false }] : [];
  });
  return [...fixed, ...exported, ...dynamic].map(({ name, typeOnly }) => ({
    from,
    to: resolve(root, file, name),
    typeOnly,
  }));
}

function resolve(root: string, file: string, name: string): string {
  if (name.startsWith("@/")) return name.slice(2);
  if (name.startsWith("."))
    return relative(root, join(dirname(file), name))
      .split(sep)
      .join("/");
  return name;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:tsx?|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
