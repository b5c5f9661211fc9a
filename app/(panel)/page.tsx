import { redirect } from "next/navigation";
import { requireOperator } from "@/lib/server/web/session";

export default async function HomePage() {
  await requireOperator("mailserver.read");
  redirect("/mailserver");
}
