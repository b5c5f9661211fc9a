/**
 * A process that saves a change and is killed before one call of one port: what a crash looks like at that step.
 * Arguments: the change as JSON, the name of the port, and which of its calls.
 */
import type { MachinePorts } from "@/lib/core/apply/ports";
import { database } from "@/lib/server/database/client";
import { currentHome } from "@/lib/server/home";
import { saveMailserver } from "@/lib/server/mailserver/save";
import { nodeAt } from "@/lib/server/node";

const [patch = "{}", victim = "", occurrence = "1"] = process.argv.slice(2);

function killBefore(ports: MachinePorts): MachinePorts {
  let calls = 0;
  const guard = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, property, receiver) {
        const member: unknown = Reflect.get(object, property, receiver);
        if (property === "journal" && typeof member === "object" && member !== null) return guard(member);
        if (typeof member !== "function" || property !== victim) return member;
        return (...args: unknown[]): unknown => {
          calls++;
          if (calls === Number(occurrence)) process.kill(process.pid, "SIGKILL");
          return Reflect.apply(member, object, args);
        };
      },
    });
  return guard(ports);
}

const node = await nodeAt(currentHome(), database());
const result = await saveMailserver(
  { ...node, ports: killBefore(node.ports) },
  {
    patch: JSON.parse(patch),
    baseRevision: undefined,
    reason: `killed before ${victim}`,
    actor: { name: "victim", origin: "cli" },
    authenticationOnly: false,
    replaceEdited: false,
    acceptWarnings: false,
  },
);
// A line of its own, whatever was logged beside it.
process.stdout.write(`\n${JSON.stringify(result)}\n`);
process.exit(0);
