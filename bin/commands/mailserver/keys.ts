import { isSettingKey, type SettingKey } from "@/lib/core/settings/catalogue";
import { unknownKey } from "@/lib/core/settings/schema";
import { UsageError } from "../output";

/** @throws UsageError that names every key there isn't. */
export function knownKeys(keys: readonly string[]): SettingKey[] {
  const unknown = keys.filter((key) => !isSettingKey(key));
  if (unknown.length > 0) throw new UsageError(unknown.map(unknownKey).join("\n"));
  return keys.filter(isSettingKey);
}
