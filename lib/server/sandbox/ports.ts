import { z } from "zod";
import { MachineFailure } from "@/lib/core/apply/ports";
import type { SandboxPorts } from "@/lib/core/sandbox/config";

/** High, so that no root is needed, and out of the way of what commonly runs on a developer's machine. */
const DEFAULT_PORTS: SandboxPorts = {
  imap: 10143,
  imaps: 10993,
  pop3: 10110,
  pop3s: 10995,
  lmtp: 10024,
};

export const PORT_VARIABLES: Readonly<Record<keyof SandboxPorts, string>> = {
  imap: "PORTCULLIS_IMAP_PORT",
  imaps: "PORTCULLIS_IMAPS_PORT",
  pop3: "PORTCULLIS_POP3_PORT",
  pop3s: "PORTCULLIS_POP3S_PORT",
  lmtp: "PORTCULLIS_LMTP_PORT",
};

export const portSchema = z.coerce.number().int().min(1).max(65535);

export const portsSchema = z.object({
  imap: portSchema,
  imaps: portSchema,
  pop3: portSchema,
  pop3s: portSchema,
  lmtp: portSchema,
});

export const sandboxPortKeys = Object.keys(DEFAULT_PORTS) as (keyof SandboxPorts)[];

/**
 * The environment first, then what this sandbox had before, then the defaults.
 * @throws MachineFailure that names every variable that isn't a port.
 */
export function choosePorts(environment: NodeJS.ProcessEnv, before: SandboxPorts | undefined): SandboxPorts {
  const chosen = portsSchema.safeParse(
    Object.fromEntries(
      sandboxPortKeys.map((key) => [
        key,
        environment[PORT_VARIABLES[key]] || before?.[key] || DEFAULT_PORTS[key],
      ]),
    ),
  );
  if (chosen.success) return chosen.data;
  const wrong = sandboxPortKeys.filter((key) => chosen.error.issues.some(({ path }) => path[0] === key));
  throw new MachineFailure(
    wrong
      .map((key) => `${PORT_VARIABLES[key]}=${environment[PORT_VARIABLES[key]]} is not a port (1 to 65535).`)
      .join("\n"),
  );
}
