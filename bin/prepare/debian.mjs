import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { command } from "./command.mjs";
import { during, say, Unready } from "./say.mjs";

/** Debian or Ubuntu, by /etc/os-release. */
export function isDebianLike() {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(release);
}

export const isRoot = () => process.getuid?.() === 0;

/** Installs Debian packages, named beforehand; nothing that they bring is started or will start at boot. */
export async function installPackages(packages, why) {
  say("Debian packages", `${packages.join(", ")}: ${why}`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  await withoutStartingServices(async () => {
    await during("", "fetching the package lists", () => command("apt-get", ["update", "-q"], options));
    await during("", "installing", () =>
      command("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...packages], options),
    );
  });
}

const POLICY = "/usr/sbin/policy-rc.d";
const OURS =
  "#!/bin/sh\n# Put here by Portcullis while it installs packages; remove it if no installation runs.\nexit 101\n";

/** Debian asks this script before it starts a service; without one it starts everything that it installs. */
async function withoutStartingServices(action) {
  if (existsSync(POLICY) && readFileSync(POLICY, "utf8") !== OURS) return await action();
  writeFileSync(POLICY, OURS, { mode: 0o755 });
  const remove = () => rmSync(POLICY, { force: true });
  // Also when we are ended in the middle: left behind, it would keep every service of the machine from starting.
  const leave = () => {
    remove();
    process.exit(130);
  };
  for (const signal of SIGNALS) process.once(signal, leave);
  try {
    return await action();
  } finally {
    remove();
    for (const signal of SIGNALS) process.off(signal, leave);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Keeps services that came with packages of ours from starting at the next boot, with or without systemd running now. */
export function disableServices(units) {
  for (const target of WANTS) {
    for (const unit of units) rmSync(`/etc/systemd/system/${target}/${unit}`, { force: true });
  }
}

const WANTS = ["multi-user.target.wants", "sockets.target.wants"];

/** The sentence for somebody who may not install: which command does it. */
export function installByHand(packages, why) {
  return new Unready(
    isDebianLike()
      ? `Portcullis needs ${packages.join(", ")} (${why}). Install them and start again:\n\n  sudo apt-get install --no-install-recommends ${packages.join(" ")}`
      : `Portcullis needs ${why}, which only Debian and Ubuntu packages (${packages.join(", ")}) are known for. Install your system's and start again.`,
  );
}
