import Link from "next/link";

export default function NotFound() {
  return (
    <main className="mx-auto max-w-lg space-y-3 p-8">
      <h1>There is no such page</h1>
      <p>
        The address may be old or mistyped. <Link href="/">Go to the first page</Link>.
      </p>
    </main>
  );
}
