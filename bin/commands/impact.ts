import { type Impact, impactSentences } from "@/lib/core/use/impact";

/** An impact as a shell shows it, with the commands that list the accounts. */
export function impactLines(impact: Impact): string[] {
  return [
    ...impactSentences(impact),
    ...impact.limits,
    ...impact.lists.map(({ label, filter }) => `  ${label}: portcullis accounts list ${optionsFor(filter)}`),
  ];
}

function optionsFor(filter: Readonly<Record<string, unknown>>): string {
  return Object.entries(filter)
    .map(([key, value]) => `--${key} ${String(value)}`)
    .join(" ");
}
