import type { Metadata } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { cookieName } from "@/lib/server/served-by-tls";
import "./globals.css";
import { THEME_COOKIE, themeFrom } from "./theme";

export const metadata: Metadata = {
  title: { default: "Portcullis", template: "%s · Portcullis" },
  icons: { icon: "/icon.svg" },
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = themeFrom((await cookies()).get(cookieName(THEME_COOKIE))?.value);
  return (
    <html lang="en" data-theme={theme}>
      <body>{children}</body>
    </html>
  );
}
