import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "./say.mjs";

const GRAVE = ["high", "critical"];
const PATIENCE_MS = 60_000;
const LARGEST_ANSWER = 50_000_000;

/** What is wrong with the packages that the panel runs with, a sentence each; asks the registry for what is known against them. */
export async function packageComplaints(root, registry) {
  const unpinned = unpinnedIn(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const { unavailable, grave } = judgeAudit(await npmAudit(root, registry));
  if (unavailable) say("npm audit", `not available: ${unavailable}`);
  else say("npm audit", grave.length === 0 ? "nothing high or critical" : grave.join(", "));
  return [
    ...unpinned.map((one) => `packages: ${one} is not pinned to one version`),
    ...grave.map((one) => `packages: ${one}`),
  ];
}

/** Of package.json what is anything but one version. */
export function unpinnedIn({ dependencies = {}, devDependencies = {} }) {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}`);
}

/** Of what `npm audit --json` says: why it can't tell, or the grave ones of its findings. */
function judgeAudit(text) {
  const report = parsed(text);
  if (report?.auditReportVersion === undefined)
    return { unavailable: (report?.message ?? text.trim().split("\n")[0]) || "no answer", grave: [] };
  const grave = Object.values(report.vulnerabilities ?? {})
    .filter(({ severity }) => GRAVE.includes(severity))
    .map(
      ({ name, severity, range }) =>
        `${[name, range].filter(Boolean).join(" ")} is known to be vulnerable (${severity})`,
    );
  return { unavailable: undefined, grave };
}

/** It ends with 1 where it finds something and where it can't ask; what it prints tells which. */
async function npmAudit(root, registry) {
  const args = ["audit", "--omit=dev", "--json", ...(registry ? [`--registry=${registry}`] : [])];
  return await new Promise((resolve) => {
    execFile("npm", args, { cwd: root, timeout: PATIENCE_MS, maxBuffer: LARGEST_ANSWER }, (error, stdout) =>
      resolve(stdout || error?.message || ""),
    );
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
