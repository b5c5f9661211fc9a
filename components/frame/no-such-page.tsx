import Link from "next/link";

/** What is said of an address that leads nowhere, or that a role may not see. */
export function NoSuchPage() {
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        The address may be old or mistyped. <Link href="/">Go to the first page</Link>.
      </p>
    </>
  );
}
