import { createReadStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { PolicyLine } from "@/lib/core/access/policy-line";
import { onDisk, readIfThere, replaceFile } from "@/lib/system/files";
import type { Database } from "../../database/client";
import type { Home } from "../../home";

const preparedSchema = z.object({ name: z.string(), lines: z.number() });

/** What is kept of a checked file besides its lines. */
export type Prepared = z.infer<typeof preparedSchema>;

const DAY_MS = 86_400_000;

/** Files of policies that were found good and wait to be imported: a line each, already read. */
export class PreparedFiles {
  constructor(private readonly home: Pick<Home, "imports">) {}

  /** Where the lines of a new one go. */
  async pathFor(id: string): Promise<string> {
    await onDisk(`making ${this.home.imports}`, () =>
      mkdir(this.home.imports, { recursive: true, mode: 0o700 }),
    );
    return this.at(id, "ndjson");
  }

  async describe(id: string, prepared: Prepared): Promise<void> {
    await replaceFile(this.at(id, "json"), JSON.stringify(prepared), 0o600);
  }

  /** Undefined when there is none under this name, or none any more. */
  async find(id: string): Promise<Prepared | undefined> {
    if (!ID.test(id)) return undefined;
    const text = await readIfThere(this.at(id, "json"));
    return text === undefined ? undefined : preparedSchema.parse(JSON.parse(text));
  }

  /** Its lines after the first `skip`, so many at a time as `size` says then. */
  async *lines(id: string, skip: number, size: () => number): AsyncGenerator<PolicyLine[]> {
    let batch: PolicyLine[] = [];
    let number = 0;
    for await (const text of createInterface({ input: createReadStream(this.at(id, "ndjson")) })) {
      if (number++ < skip) continue;
      batch.push(JSON.parse(text) as PolicyLine);
      if (batch.length < size()) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async remove(id: string): Promise<void> {
    for (const ending of ["ndjson", "json"] as const) await rm(this.at(id, ending), { force: true });
  }

  /** Removes what is a day old and belongs to no job that could still go on. */
  async sweep(db: Database): Promise<void> {
    const names = await readdir(this.home.imports).catch(() => []);
    if (names.length === 0) return;
    const jobs = await db.job.findMany({ where: { kind: "import-policies", state: { not: "done" } } });
    for (const name of names) {
      const path = join(this.home.imports, name);
      const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
      if (age < DAY_MS || jobs.some(({ input }) => input.includes(name.split(".")[0] ?? name))) continue;
      await rm(path, { force: true });
    }
  }

  private at(id: string, ending: "ndjson" | "json"): string {
    return join(this.home.imports, `${id}.${ending}`);
  }
}

const ID = /^[0-9a-f-]{36}$/;
