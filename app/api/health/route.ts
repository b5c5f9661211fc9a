import { connection } from "next/server";
import { database } from "@/lib/server/database/client";

/** Open to everybody: whether the panel works, and nothing about the mail server. */
export async function GET(): Promise<Response> {
  await connection();
  try {
    await database().revision.count();
    return Response.json({ status: "ok" });
  } catch {
    return Response.json(
      { status: "failing", reason: "The panel's database does not answer." },
      { status: 503 },
    );
  }
}
