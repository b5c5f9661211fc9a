import { profileAnswer } from "@/lib/server/web/clients/domain-answers";

/** Open to everybody: Apple's profile for the domain in `?emailaddress=`. */
export async function GET(request: Request): Promise<Response> {
  return await profileAnswer(request);
}
