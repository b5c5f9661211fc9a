import { ownAutoconfigAnswer } from "@/lib/server/web/clients/own-answers";

/** Open to whoever has the link. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ token: string }> },
): Promise<Response> {
  return await ownAutoconfigAnswer((await params).token);
}
