import type { ReactNode } from "react";
import { Mark } from "@/components/ui/mark";

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-6 p-4">
      <p className="flex items-center gap-2 text-lg font-semibold text-accent">
        <Mark />
        Portcullis
      </p>
      {children}
    </main>
  );
}
