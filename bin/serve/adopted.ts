import { existsSync } from "node:fs";
import { type AdoptionRecord, readAdoption } from "@/lib/server/adopt/record";
import type { Home } from "@/lib/server/home";
import { readDescription } from "@/lib/server/node";
import { readIfThere } from "@/lib/system/files";
import { Unready } from "../prepare/say.mjs";

/** @throws Unready where adopting or giving back was cut off: what is half done is put right first. */
export async function adoptedServer(home: Home): Promise<AdoptionRecord | undefined> {
  const adopted = await readAdoption(home);
  if (adopted && adopted.state !== "adopted")
    throw new Unready(
      `${adopted.state === "adopting" ? "Adopting" : "Giving back"} ${adopted.touched.path} was cut off. Run "portcullis release" first: it puts everything back as it was found.`,
    );
  if (!adopted && (await isMade(home)) && (await readDescription(home)).kind === "system")
    throw new Unready('Adopting was cut off before anything was touched. Run "portcullis adopt" again.');
  return adopted;
}

/** @throws Unready where a private Dovecot would be made in the home of a server that was given back. */
export async function requireNoneBefore(home: Home): Promise<void> {
  if (!(await isMade(home)) && existsSync(home.database))
    throw new Unready(
      `${home.folder} belongs to a server that was adopted and given back. Adopt one with it, or set PORTCULLIS_HOME to another folder for the private Dovecot.`,
    );
}

async function isMade(home: Home): Promise<boolean> {
  return (await readIfThere(home.instance)) !== undefined;
}
