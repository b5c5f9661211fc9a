import { alertOptions } from "./alerts";
import { auditOptions } from "./audit";
import { clientOptions } from "./clients";
import { evidenceOptions } from "./evidence";
import { hookOptions } from "./hooks";
import { operatorOptions } from "./operators";
import type { OptionGroup } from "./option";

/** Everything that is set for the panel itself, by the last part of its page's address. */
export const optionGroups = {
  use: evidenceOptions,
  alerts: alertOptions,
  clients: clientOptions,
  hooks: hookOptions,
  audit: auditOptions,
  operators: operatorOptions,
} as const satisfies Record<string, OptionGroup>;

export type OptionGroupKey = keyof typeof optionGroups;

export const optionGroupKeys = Object.keys(optionGroups) as OptionGroupKey[];

export function isOptionGroup(key: string): key is OptionGroupKey {
  return Object.hasOwn(optionGroups, key);
}
