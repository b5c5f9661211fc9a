import { NoSuchPage } from "@/components/frame/no-such-page";

export default function NotFound() {
  return (
    <main className="mx-auto max-w-lg space-y-3 p-8">
      <NoSuchPage />
    </main>
  );
}
