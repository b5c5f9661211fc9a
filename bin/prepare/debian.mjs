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

/** Debian asks this script before it starts a service; without one it starts everything that it installs. */
async function withoutStartingServices(action) {
  if (existsSync(POLICY)) return await action();
  writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return await action();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

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
