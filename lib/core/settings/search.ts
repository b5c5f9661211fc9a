import type { Setting } from "./setting";

/** Every word of the question is in the setting's key, label or help, in any order and case. */
export function matches(setting: Pick<Setting, "key" | "label" | "help">, question: string): boolean {
  const words = question.toLowerCase().split(/\s+/).filter(Boolean);
  const text = searchText(setting);
  return words.every((word) => text.includes(word));
}

/** What is searched; the page carries it, so that it finds the same while somebody types. */
export function searchText({ key, label, help }: Pick<Setting, "key" | "label" | "help">): string {
  return `${key} ${label} ${help}`.toLowerCase();
}
