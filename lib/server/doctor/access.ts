import { join } from "node:path";
import { PROTOCOLS } from "@/lib/core/access/rules";
import { ACCESS_MAP } from "@/lib/core/dovecot/access-files";
import { lookUpLogins } from "@/lib/system/dovecot/auth-lookup";
import { fileStates } from "@/lib/system/dovecot/file-states";
import { generatedDir } from "@/lib/system/dovecot/instance";
import { accessEnforcement } from "../access/enforcement";
import { prove } from "../access/prove";
import { type Check, fail, ok, type Patient, unknown, type Verdict, warn } from "./check";

const SAMPLE = 3;
const MAKE_ANEW = "A running panel makes it anew within seconds; otherwise start it.";

export const accessChecks: readonly Check[] = [
  { id: "access-map", group: "access", needsServer: true, look: mapOf },
  { id: "access-hook", group: "access", needsServer: true, look: hookOf },
  { id: "access-proof", group: "access", needsServer: true, look: proofOf },
  { id: "access-enforced", group: "access", needsServer: true, look: enforcedOf },
];

async function mapOf(patient: Patient): Promise<Verdict> {
  const { instance, map } = await patient.node();
  const path = join(generatedDir(instance), ACCESS_MAP);
  const [state] = await fileStates(instance, [path]);
  if (state?.state !== "file")
    return fail(`The access map ${path} is missing: Dovecot refuses every IMAP and POP3 login.`, MAKE_ANEW);
  if (!state.readable)
    return fail(
      `Dovecot's user may not read the access map ${path}: it refuses every IMAP and POP3 login.`,
      `chmod 644 ${path}`,
    );
  // Throws where it is damaged.
  const sequence = await Promise.resolve()
    .then(() => map.sequence())
    .catch(() => undefined);
  return sequence === undefined
    ? fail(`The access map ${path} is damaged: Dovecot refuses every IMAP and POP3 login.`, MAKE_ANEW)
    : ok("The access map is there, whole, and Dovecot's user may read it.");
}

/** Asks the daemon about a name that nobody has: an answer other than a failure shows that its auth process could read the map. */
async function hookOf({ node, hangs }: Patient): Promise<Verdict> {
  const { instance, ports } = await node();
  await hangs();
  if (!(await ports.isRunning())) return unknown("Dovecot is not running, so nobody can be asked.");
  const nobody = "portcullis-doctor-nobody@invalid";
  for (const protocol of PROTOCOLS) {
    const seen = (await lookUpLogins(instance, protocol, [nobody])).get(nobody);
    if (seen === undefined || seen.state === "unknown")
      return fail(
        `Dovecot's auth process can't say whether somebody may use ${protocol.toUpperCase()}: it can't read the access map, or a database of its own is down.`,
        `Its log says why (doveadm log errors); the map must be readable for it: ${join(generatedDir(instance), ACCESS_MAP)}`,
      );
  }
  return ok("Dovecot's auth process answers for both protocols.");
}

async function proofOf(patient: Patient): Promise<Verdict> {
  const db = patient.db();
  await patient.hangs();
  const rows = await db.account.findMany({
    where: { vanishedAt: null },
    take: SAMPLE,
    select: { address: true },
  });
  if (rows.length === 0)
    return unknown("No account is known yet, so none could be asked for.", "portcullis accounts sync");
  const proofs = await prove(
    await patient.node(),
    rows.map(({ address }) => address),
  );
  const wrong = proofs.find(({ differs }) => differs);
  if (wrong)
    return fail(
      `Dovecot contradicts the rules: ${wrong.protocol.toUpperCase()} should be ${wrong.effective} for ${wrong.address}, and it says ${wrong.seen}.`,
      `portcullis accounts show ${wrong.address}; portcullis access status tells what speaks against it.`,
    );
  const known = proofs.filter(({ seen }) => seen !== "unknown").length;
  return known === proofs.length
    ? ok(`Dovecot was asked about ${rows.length} account(s), and does as the rules say.`)
    : warn(
        `Dovecot could not say about ${proofs.length - known} of ${proofs.length} logins.`,
        "portcullis access status",
      );
}

async function enforcedOf(patient: Patient): Promise<Verdict[]> {
  patient.db();
  await patient.hangs();
  const { enforced, troubles } = await accessEnforcement(await patient.node());
  if (enforced) return [ok("Nothing speaks against it that the rules for accounts are enforced.")];
  return troubles.map((sentence) =>
    fail(sentence, "portcullis access status; docs/accounts.md tells of ways in past the map."),
  );
}
