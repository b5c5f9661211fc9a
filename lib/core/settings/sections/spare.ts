import type { Rule } from "../setting";

interface Counted {
  /** The settings of a pair of which the first must not be more than the second. */
  spare: string;
  most: string;
  /** The services they are for; the server's own files count where a setting of ours doesn't. */
  services: readonly string[];
}

/** Dovecot refuses to keep more processes waiting than there may be. */
export function spareUnderLimit(own: string, { spare, most, services }: Counted): Rule {
  return {
    severity: "error",
    with: [spare, most],
    check(values, { site }) {
      for (const service of services) {
        const found = site.processes[service];
        const kept = values[spare] ?? found?.spare;
        const limit = values[most] ?? found?.limit;
        if (typeof kept !== "number" || typeof limit !== "number" || kept <= limit) continue;
        // Told once, at the spare ones; where those are the server's own, at the limit.
        if (own === spare && values[spare] !== null)
          return `is ${kept}, more than the maximum of ${limit} processes`;
        if (own === most && values[spare] === null)
          return `is ${limit}, fewer than the ${kept} that the server's own files keep waiting for ${service}`;
      }
      return undefined;
    },
  };
}
