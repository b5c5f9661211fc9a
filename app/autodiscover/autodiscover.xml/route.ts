import { autodiscoverAnswer } from "@/lib/server/web/clients/domain-answers";

/** Open to everybody: what Outlook is told of the domain of the address in its question. */
export async function POST(request: Request): Promise<Response> {
  return await autodiscoverAnswer(request);
}
