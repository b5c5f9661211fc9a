import type { HelperAnswers } from "@/lib/core/helper/replies";
import { readConfig } from "../dovecot/doveconf";
import type { DovecotInstance } from "../dovecot/instance";
import { certificateProblems } from "../tls/certificate";
import { certificateFacts } from "../tls/chain";
import { certificateFiles } from "../tls/examine";

/** What can be told of the certificate that Dovecot uses. Of the key only whether it belongs to it. */
export async function certificateOf(instance: DovecotInstance): Promise<HelperAnswers["certificate"]> {
  const files = certificateFiles(await readConfig(instance, instance.configFile));
  if (!files) return null;
  const problems = await certificateProblems(instance, files);
  const facts = await certificateFacts(instance, files.certificate).catch(() => undefined);
  return { problems, facts: facts ? { ...facts, endsAt: facts.endsAt.getTime() } : null };
}
