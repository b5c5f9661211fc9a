import { expect, it, vi } from "vitest";
import { main } from "@/bin/cli";

/** In this process: what is refused before anything is opened needs no other. */
async function run(args: readonly string[]) {
  const said = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      said[name] += String(text);
      return true;
    }),
  );
  try {
    return { code: await main(args, "/"), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

it.each([
  [["accounts", "set", "anna@site.example"], "Say what is to be set"],
  [["accounts", "set", "pop3=deny"], "Name the account first"],
  [["accounts", "set", "anna@site.example", "pop3=off"], "pop3 must be allow, deny or inherit"],
  [["accounts", "set", "anna@site.example", "smtp=deny"], "Protocols: imap, pop3."],
  [["accounts", "set", "anna@site.example", "pop3=deny", "--until", "yesterday"], "--until:"],
  [["accounts", "set", "anna@site.example", "pop3=inherit", "--until", "+7d"], "inherit has no end"],
  [["accounts", "set", "anna@site.example", "--imap", "deny"], "goes with --all-matching"],
  [["accounts", "set", "@site.example", "pop3=deny"], "can't be an account"],
  [["accounts", "show", ""], "Enter the address."],
  [["accounts", "suspend", "anna@site.example"], "required option '--reason <text>'"],
  [["accounts", "list", "--imap", "maybe"], "--imap"],
  [["accounts", "import", "/no/such/file"], "The file can't be read"],
  [["domains", "set", "", "pop3=deny"], "Enter the domain."],
])("%j is wrong: exit 2 and a sentence", async (args, sentence) => {
  expect(await run(args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(sentence) });
});
