import { type AdoptionRecord, readAdoption } from "@/lib/server/adopt/record";
import type { Home } from "@/lib/server/home";
import { Unready } from "../prepare/say.mjs";

/** @throws Unready where adopting or giving back was cut off: what is half done is put right first. */
export async function adoptedServer(home: Home): Promise<AdoptionRecord | undefined> {
  const adopted = await readAdoption(home);
  if (adopted && adopted.state !== "adopted")
    throw new Unready(
      `${adopted.state === "adopting" ? "Adopting" : "Giving back"} ${adopted.touched.path} was cut off. Run "portcullis release" first: it puts everything back as it was found.`,
    );
  return adopted;
}
