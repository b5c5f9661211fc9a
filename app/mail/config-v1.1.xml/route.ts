import { autoconfigAnswer } from "@/lib/server/web/clients/domain-answers";

/** Open to everybody: what Thunderbird is told of the domain in `?emailaddress=`. */
export async function GET(request: Request): Promise<Response> {
  return await autoconfigAnswer(request);
}
