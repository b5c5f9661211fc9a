import { CopyText } from "../ui/copy-text";

/** All that an installed panel can show before a server was adopted. */
export function NothingAdopted({ signOut }: { signOut: () => Promise<void> }) {
  return (
    <main id="content" className="mx-auto w-full max-w-2xl space-y-6 px-4 py-10">
      <h1>No mail server was adopted yet</h1>
      <p>
        This panel is installed and touches nothing. Adopting is done by root, in a shell on the mail
        server&apos;s host: it shows what was found and the lines that it would add, and asks. Add --dry-run
        to see it only.
      </p>
      <CopyText id="adopt-command" label="Command" text="portcullis adopt" />
      <p>Then start helper and panel:</p>
      <CopyText
        id="start-command"
        label="Then"
        text="systemctl enable --now portcullis-helper && systemctl restart portcullis"
      />
      <form action={signOut}>
        <button type="submit" className="cursor-pointer text-accent underline underline-offset-2">
          Sign out
        </button>
      </form>
    </main>
  );
}
