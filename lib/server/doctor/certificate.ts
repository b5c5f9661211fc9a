import { certificateSentence } from "@/lib/core/apply/tls-facts";
import { isCovered } from "@/lib/core/client-config/names";
import { effectiveOf } from "@/lib/system/dovecot/doveconf";
import { lookAtCertificate } from "@/lib/system/probe/look";
import { certificateProblems } from "@/lib/system/tls/certificate";
import { type CertificateFacts, certificateFacts } from "@/lib/system/tls/chain";
import { certificateFiles } from "@/lib/system/tls/examine";
import { panelSettings } from "../panel-settings";
import { tellInstant } from "../tell-instant";
import { type Check, fail, Missing, ok, type Patient, unknown, type Verdict, warn } from "./check";

const DAY_MS = 24 * 60 * 60_000;
/** Where the panel's own setting can't be asked. */
const USUAL_DAYS = 21;
const RENEWED = "portcullis certificate renewed";

export const certificateChecks: readonly Check[] = [
  { id: "certificate-key", group: "certificate", needsServer: true, look: keyOf },
  { id: "certificate-end", group: "certificate", needsServer: true, look: endOf },
  { id: "certificate-chain", group: "certificate", needsServer: true, look: chainOf },
  { id: "certificate-name", group: "certificate", needsServer: true, look: nameOf },
  { id: "certificate-served", group: "certificate", needsServer: true, look: servedOf },
];

async function filesOf({ config }: Patient) {
  const files = certificateFiles(await config());
  if (!files) throw new Missing("TLS is off (ssl = no), so no certificate is used.");
  return files;
}

async function factsOf(patient: Patient): Promise<CertificateFacts> {
  const { certificate } = await filesOf(patient);
  const { instance } = await patient.node();
  return await certificateFacts(instance, certificate).catch(() => {
    throw new Missing(`The certificate ${certificate} can't be read.`);
  });
}

async function keyOf(patient: Patient): Promise<Verdict[]> {
  const files = await filesOf(patient);
  const problems = await certificateProblems((await patient.node()).instance, files);
  const faults = problems.filter(({ fault }) => fault !== "expired" && fault !== "not-yet-valid");
  if (faults.length === 0) return [ok("Certificate and key can be read, and belong together.")];
  return faults.map((problem) =>
    fail(
      certificateSentence(problem),
      `Put the right file there, or set ssl_server_cert_file and ssl_server_key_file (2.3: ssl_cert, ssl_key), then: ${RENEWED}`,
    ),
  );
}

async function endOf(patient: Patient): Promise<Verdict> {
  const { endsAt } = await factsOf(patient);
  const days = patient.isDatabaseSound
    ? (await panelSettings(patient.db(), "alerts")).values.certificateDays
    : USUAL_DAYS;
  const left = (endsAt.getTime() - Date.now()) / DAY_MS;
  const at = tellInstant(endsAt.getTime() / 1000);
  const mend = `Renew it (of certbot's: certbot renew), then: ${RENEWED}`;
  if (left <= 0) return fail(`The certificate expired on ${at}: mail programs refuse it.`, mend);
  const sentence = `The certificate ends in ${Math.floor(left)} days, on ${at}.`;
  return left <= days ? warn(sentence, mend) : ok(sentence);
}

async function chainOf(patient: Patient): Promise<Verdict> {
  const { chain, lastIssuer } = await factsOf(patient);
  const { certificate } = await filesOf(patient);
  switch (chain) {
    case "trusted":
      return ok("Each certificate of the file is signed by the next, up to one that this machine trusts.");
    case "self-signed":
      return warn(
        "The certificate is signed by itself: mail programs ask whether to trust it.",
        "Get one of a public authority, for instance by certbot.",
      );
    case "broken":
      return fail(
        `A certificate in ${certificate} isn't signed by the one after it: many mail programs refuse it.`,
        "Put the server's own first, then the one that signed it, and so on (certbot: fullchain.pem).",
      );
    case "no-root":
      return warn(
        `The file's last certificate is signed by ${lastIssuer}, which this machine doesn't trust: one between may be missing.`,
        `Use the file with the whole chain (certbot: fullchain.pem instead of cert.pem), then: ${RENEWED}`,
      );
  }
}

async function nameOf(patient: Patient): Promise<Verdict> {
  const { names } = await factsOf(patient);
  const told = names.slice(0, 5).join(", ") || "no DNS name";
  const { host } = (await panelSettings(patient.db(), "clients")).values;
  if (host === "")
    return unknown(
      `It is good for ${told}. By which name mail programs reach this server isn't set.`,
      "portcullis panel set clients.host=NAME",
    );
  return isCovered(host, names)
    ? ok(`It is good for ${host}, by which mail programs reach this server.`)
    : fail(
        `It is good for ${told}, and mail programs are told to use ${host}.`,
        "Get one for that name, or: portcullis panel set clients.host=NAME",
      );
}

/** What is on disk is one thing, what the daemon shows another: it reads the file when it loads its configuration. */
async function servedOf(patient: Patient): Promise<Verdict> {
  const { fingerprint } = await factsOf(patient);
  const { listeners } = effectiveOf(await patient.config());
  const looks = await Promise.all(
    listeners.filter(({ open, haproxy }) => open && !haproxy).map(lookAtCertificate),
  );
  const shown = looks.flatMap((look) => look.fingerprint ?? []);
  if (shown.length === 0) return unknown("No port shows a certificate now.");
  const others = shown.filter((one) => one !== fingerprint).length;
  return others === 0
    ? ok(`It is the one that Dovecot shows, seen on ${shown.length} port(s).`)
    : fail(
        `${others} of ${shown.length} ports show another certificate than the one on disk: it was renewed, and Dovecot was not reloaded.`,
        RENEWED,
      );
}
