const STORED = "portcullis-single-keys";

/** Single keys can be switched off for good: software that types what it hears would set them off. */
export function areKeysOff(): boolean {
  return localStorage.getItem(STORED) === "off";
}

export function switchKeys(off: boolean): void {
  if (off) localStorage.setItem(STORED, "off");
  else localStorage.removeItem(STORED);
  // Other windows are told by the browser, this one isn't.
  globalThis.dispatchEvent(new StorageEvent("storage", { key: STORED }));
}

export function onKeysSwitched(tell: () => void): () => void {
  globalThis.addEventListener("storage", tell);
  return () => globalThis.removeEventListener("storage", tell);
}

/** A key that somebody types into a field, or presses together with another, is not for the table. */
export function isForTable({ target, ctrlKey, metaKey, altKey, defaultPrevented }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || defaultPrevented) return false;
  if (!(target instanceof HTMLElement)) return true;
  if (target instanceof HTMLInputElement) return target.type === "checkbox" || target.type === "radio";
  return !target.isContentEditable && !["SELECT", "TEXTAREA"].includes(target.tagName);
}

/** Moves the focus to the link of the next row, or of the row before; into the table from outside. */
export function moveBy(table: HTMLElement, step: 1 | -1): void {
  const rows = [...table.querySelectorAll<HTMLElement>("tbody tr")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  next?.querySelector<HTMLElement>("th a")?.focus();
  // The head stays on top of what is scrolled under it.
  next?.scrollIntoView({ block: "nearest" });
}

/** How many boxes of a table are ticked, of how many; as a text, so that equal ones are the same. */
export function tickedIn(table: string): string {
  const element = document.getElementById(table);
  const boxes = element ? boxesOf(element) : [];
  return `${boxes.filter(({ checked }) => checked).length}/${boxes.length}`;
}

export function onTicked(tell: () => void): () => void {
  document.addEventListener("change", tell);
  return () => document.removeEventListener("change", tell);
}

function boxesOf(table: HTMLElement): HTMLInputElement[] {
  return [...table.querySelectorAll<HTMLInputElement>('tbody input[type="checkbox"]')];
}

export function toggleRow(table: HTMLElement): void {
  const row = document.activeElement?.closest("tr");
  if (row && table.contains(row)) row.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click();
}

/** As if each box had been clicked, so that whoever counts them is told. */
export function selectAll(table: HTMLElement, checked: boolean): void {
  for (const box of boxesOf(table)) box.checked = checked;
  table.dispatchEvent(new Event("change", { bubbles: true }));
}
