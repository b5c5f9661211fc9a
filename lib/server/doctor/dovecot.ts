import { join } from "node:path";
import { MachineFailure } from "@/lib/core/apply/ports";
import { markOf } from "@/lib/core/apply/prepare";
import { placeAt } from "@/lib/system/doctor/places";
import { complaintsOf, effectiveOf, readVersion } from "@/lib/system/dovecot/doveconf";
import { generatedDir } from "@/lib/system/dovecot/instance";
import { findDrift } from "../drift/find";
import type { Finding } from "../drift/finding";
import { readInForce } from "../mailserver/in-force";
import { type Check, fail, ok, type Patient, type Verdict, warn } from "./check";

const GO_BACK = 'Look at "portcullis restore --dry-run", then: portcullis restore';

export const dovecotChecks: readonly Check[] = [
  { id: "mail-server", group: "dovecot", look: serverOf },
  { id: "dovecot-version", group: "dovecot", needsServer: true, look: versionOf },
  { id: "dovecot-running", group: "dovecot", needsServer: true, look: runningOf },
  { id: "dovecot-config", group: "dovecot", needsServer: true, look: configOf },
  { id: "dovecot-include", group: "dovecot", needsServer: true, look: includeOf },
  { id: "dovecot-loaded", group: "dovecot", needsServer: true, look: loadedOf },
  { id: "dovecot-packages", group: "dovecot", needsServer: true, look: packagesOf },
  { id: "last-known-good", group: "dovecot", needsServer: true, look: goodOf },
  { id: "drift", group: "dovecot", needsServer: true, look: driftOf },
];

async function serverOf({ node, home, startCommand }: Patient): Promise<Verdict> {
  try {
    const { instance } = await node();
    return ok(`The mail server of ${instance.configFile}.`);
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    const isThere = (await placeAt(home.instance)) !== undefined;
    if (isThere) return fail(error.message, "portcullis backup restore FILE");
    const how = startCommand.startsWith("npm")
      ? "npm start makes a private one."
      : "portcullis adopt takes over the one that is there.";
    return fail("No mail server is set up.", how);
  }
}

async function versionOf({ node }: Patient): Promise<Verdict> {
  const detected = await readVersion((await node()).instance);
  return detected.supported
    ? ok(`Dovecot ${detected.version}.`)
    : fail(detected.sentence, "Install Dovecot 2.3 or 2.4 of Debian.");
}

async function runningOf({ node }: Patient): Promise<Verdict> {
  return (await (await node()).ports.isRunning())
    ? ok("Dovecot runs.")
    : fail("Dovecot is not running: nobody can read mail.", START_DOVECOT);
}

const START_DOVECOT =
  "systemctl start dovecot (of a private Dovecot: npm start). If it doesn't stay up, its log says why, and the finding on its configuration below.";

async function configOf({ node, hangs }: Patient): Promise<Verdict> {
  const { instance } = await node();
  await hangs();
  const [complaint] = await complaintsOf(instance, instance.configFile);
  if (complaint === undefined) return ok("Dovecot's own checker takes its configuration.");
  const isOurs = complaint.includes(generatedDir(instance));
  return fail(
    `Dovecot could not start again with the files on disk: ${complaint}`,
    isOurs ? GO_BACK : `Mend that line, then look again: doveconf -n -c ${instance.configFile}`,
  );
}

async function includeOf({ node, config }: Patient): Promise<Verdict> {
  const { instance, ports } = await node();
  const line = "!include portcullis/settings.conf";
  const live = await ports.readLive();
  const mark = live && markOf(live);
  if (mark === undefined) return fail(`There is no settings.conf in ${generatedDir(instance)}.`, GO_BACK);
  return effectiveOf(await config()).statsSockets.includes(mark)
    ? ok(`${instance.configFile} includes our file.`)
    : fail(
        `${instance.configFile} doesn't include our file: after a reload nothing that is set here would count.`,
        `Put "${line}" back as the last line of ${instance.configFile}, then: portcullis drift restore`,
      );
}

/** Without the database: the mark in the file that is there. */
async function loadedOf(patient: Patient): Promise<Verdict> {
  const node = await patient.node();
  const { ports } = node;
  const [live, good] = [await ports.readLive(), await ports.readGood()];
  for (const files of [live, good]) {
    const mark = files && markOf(files);
    if (mark !== undefined && (await ports.loadOf(mark)) !== undefined)
      return ok(
        files === live
          ? "The daemon has loaded our file as it is on disk."
          : "The daemon has loaded our last known good file.",
      );
  }
  // A protocol was closed without a reload: the file is newer than what is loaded, and that is all right.
  const older = patient.isDatabaseSound ? (await readInForce(node))?.loadedMark : undefined;
  if (older !== undefined && (await ports.loadOf(older)) !== undefined)
    return ok("The daemon runs what was last applied; the file itself counts from the next reload on.");
  return (await ports.isRunning())
    ? warn(
        "The daemon has loaded neither our file on disk nor the last known good one.",
        "portcullis status tells what differs; portcullis drift restore brings what is wanted into force.",
      )
    : fail("Dovecot is not running, so it has loaded nothing.", START_DOVECOT);
}

async function packagesOf({ node, config }: Patient): Promise<Verdict[]> {
  const { ports } = await node();
  await config();
  const live = await ports.readLive();
  const staged = await ports.stage(live ?? {});
  const faults = [
    ...staged.missingExecutables.map(({ protocol, executable }) =>
      fail(
        `${protocol.toUpperCase()} is on, and its program ${executable} isn't installed.`,
        `apt-get install dovecot-${protocol}d`,
      ),
    ),
    ...staged.missingPlugins.map((name) =>
      fail(
        `The mail plugin ${name} is to be loaded and isn't installed: every session would end at once.`,
        `Install the package that has lib*_${name}_plugin.so, or take it out of mail_plugins.`,
      ),
    ),
    ...(staged.lacksMapDriver
      ? [
          fail(
            "Dovecot can't ask the access map: its SQLite driver isn't installed.",
            "apt-get install dovecot-sqlite",
          ),
        ]
      : []),
  ];
  if (faults.length > 0) return faults;
  return [ok("Every program, plugin and driver that the configuration needs is installed.")];
}

async function goodOf({ node, hangs }: Patient): Promise<Verdict> {
  const { ports, instance } = await node();
  await hangs();
  const folder = join(generatedDir(instance), "last-known-good");
  const good = await ports.readGood();
  if (!good)
    return warn(
      `No last known good files are kept in ${folder} yet.`,
      "They are kept at the next change that works.",
    );
  const { complaints } = await ports.stage(good);
  return complaints.length === 0
    ? ok("The last known good files are there, and Dovecot takes them.")
    : warn(
        `Dovecot doesn't take the last known good files: ${complaints[0]}`,
        "They are kept anew at the next change that works.",
      );
}

async function driftOf(patient: Patient): Promise<Verdict[]> {
  patient.db();
  await patient.hangs();
  const found = await findDrift(await patient.node());
  if (found.length === 0) return [ok("Everything is as Portcullis left it, and nothing overrides it.")];
  return found.map((finding) => ({
    id: `drift:${finding.key}`,
    state: finding.severity === "alarm" ? "fail" : "warn",
    sentence: finding.sentence,
    mend: MENDS[finding.kind],
  }));
}

const RESTORE_DRIFT =
  "portcullis drift shows the difference; portcullis drift restore puts back what is wanted";

const MENDS: Readonly<Record<Finding["kind"], string>> = {
  edited: `${RESTORE_DRIFT}, portcullis drift adopt takes it over.`,
  removed: `${RESTORE_DRIFT}.`,
  unreadable: `${RESTORE_DRIFT}.`,
  replaced: `${RESTORE_DRIFT}.`,
  "include-missing": 'Put "!include portcullis/settings.conf" back as the last line of dovecot.conf.',
  "config-broken": "Mend the line that is named, then: portcullis drift",
  "version-changed": "portcullis dovecot upgrade shows the plan; with --yes it does it.",
  overridden: "Take the other line out, or move it before ours; portcullis mailserver describe KEY names it.",
  "older-config": "portcullis drift restore, or a reload of Dovecot at a quiet time.",
  "other-config": `${RESTORE_DRIFT}.`,
  ports: "The ports below tell why.",
  "daemon-down": START_DOVECOT,
  certificate: "Renew it, then: portcullis certificate renewed",
  "access-map": "The running panel makes it anew within seconds; otherwise start it.",
  "access-lookup": `${RESTORE_DRIFT}.`,
};
