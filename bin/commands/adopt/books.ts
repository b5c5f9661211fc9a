import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import type { BegunAdoption, Ending } from "@/lib/server/adopt/books";
import { ownBooks } from "@/lib/server/adopt/own-books";
import { currentHome } from "@/lib/server/home";
import { printJson, UsageError } from "../output";

/**
 * What `adopt` and `release` run as the home's owner: root's own process opens nothing there. Not for people; what it can do,
 * that user can do anyway. `programs`: the folder that Portcullis's own programs lie in.
 */
export function booksCommand(programs: string): Command {
  return new Command("books")
    .description("the panel's side of adopting, run by adopt and release")
    .argument("<what>")
    .action(async (what: string) => {
      const books = ownBooks(currentHome(), join(programs, "prisma/migrations"));
      const input: unknown = JSON.parse(await text(process.stdin));
      switch (what) {
        case "require-stopped":
          return printJson((await books.requireStopped()) ?? null);
        case "open":
          return printJson(await books.open());
        case "begin":
          return printJson(await books.begin(input as BegunAdoption));
        case "end":
          return printJson((await books.end(input as Ending)) ?? null);
        default:
          throw new UsageError(`${JSON.stringify(what)} is nothing that is asked.`);
      }
    });
}
