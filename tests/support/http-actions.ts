import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Permission } from "@/lib/core/operators/roles";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** A server action as the build that runs knows it: whoever has its id can send it, whether or not a page shows its form. */
export interface BuiltAction {
  id: string;
  name: string;
  file: string;
  /** A page that has it. */
  page: string;
  /** What `defineAction` asks for; undefined for the few that are written without it. */
  permission: Permission | undefined;
  /** Also for somebody who has yet to set up a second factor. */
  beforeSecondFactor: boolean;
}

interface Manifest {
  node: Record<string, { workers: Record<string, unknown>; filename: string; exportedName: string }>;
}

/** Every action of the build, in the order of their files. */
export function builtActions(): BuiltAction[] {
  const text = readFileSync(join(ROOT, ".next/server/server-reference-manifest.json"), "utf8");
  return Object.entries((JSON.parse(text) as Manifest).node)
    .map(([id, { workers, filename: file, exportedName: name }]) => {
      const source = definitionOf(name, readFileSync(join(ROOT, file), "utf8"));
      const [page = "/"] = Object.keys(workers);
      return {
        id,
        name,
        file,
        page: pathOf(page),
        permission: /permission: "([a-z.]+)"/.exec(source)?.[1] as Permission | undefined,
        beforeSecondFactor: source.includes("beforeSecondFactor: true"),
      };
    })
    .toSorted((a, b) => `${a.file} ${a.name}`.localeCompare(`${b.file} ${b.name}`));
}

function definitionOf(name: string, source: string): string {
  const [, from = ""] = source.split(`export const ${name} = defineAction`);
  return from.split("\nexport ")[0] ?? "";
}

/** Of `app/(panel)/accounts/[address]/page` the path, with what anybody could put there. */
function pathOf(page: string): string {
  const path = page
    .replace(/^app|\/\([a-z]+\)|\/page$/g, "")
    .replace("[address]", "anna%40riverside.example")
    .replace("[name]", "riverside.example")
    .replace("[group]", "alerts")
    .replace(/\[\w+\]/g, "1");
  return path === "" ? "/" : path;
}

export interface Sent {
  cookie?: string;
  fields?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
}

/** Sends an action as the browser's own script does: the state before it and a form. */
export async function sendAction(
  panelUrl: string,
  { id, page }: Pick<BuiltAction, "id" | "page">,
  { cookie, fields = {}, headers = { origin: panelUrl } }: Sent = {},
): Promise<{ status: number; to: string; body: string; headers: Headers }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(`_1_${name}`, value);
  form.append("0", JSON.stringify([{ status: "idle", at: 0 }, "$K1"]));
  const response = await fetch(panelUrl + page, {
    method: "POST",
    body: form,
    redirect: "manual",
    headers: { "next-action": id, ...(cookie === undefined ? {} : { cookie }), ...headers },
  });
  const to = response.headers.get("x-action-redirect") ?? response.headers.get("location") ?? "";
  return { status: response.status, to, body: await response.text(), headers: response.headers };
}

/** Signs in over HTTP; the cookies as a browser would send them back. */
export async function signInOverHttp(
  panelUrl: string,
  { email, password }: { email: string; password: string },
  headers: Readonly<Record<string, string>> = {},
): Promise<{ cookie: string; set: string[] }> {
  const action = builtActions().find(({ name }) => name === "signIn");
  if (!action) throw new Error("There is no action to sign in by.");
  const answer = await sendAction(panelUrl, action, {
    fields: { email, password },
    headers: { origin: panelUrl, ...headers },
  });
  const set = answer.headers.getSetCookie();
  return { set, cookie: set.map((line) => line.split(";")[0]).join("; ") };
}
