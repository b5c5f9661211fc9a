import { z } from "zod";
import { readIfThere } from "@/lib/system/files";
import type { Home } from "../home";

const running = z.object({ url: z.string() });

/** The panel's address for links: as it was set, else where the running one listens; undefined where none runs. */
export async function panelUrl(home: Home): Promise<string | undefined> {
  const set = process.env.PORTCULLIS_URL;
  if (set) return set.replace(/\/+$/, "");
  const text = await readIfThere(home.running).catch(() => undefined);
  try {
    return running.safeParse(JSON.parse(text ?? "")).data?.url;
  } catch {
    return undefined;
  }
}
