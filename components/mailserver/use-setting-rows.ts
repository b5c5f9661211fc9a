import { type RefObject, useEffect } from "react";
import { countWords, SEARCH_FORM } from "./search-field";

/**
 * What the browser adds to a form that works without it: rows are marked while somebody types, a default goes into
 * its field without a round trip, and the search filters at once. The rows are the server's; only attributes and
 * counts are changed here, none of which React writes.
 */
export function useSettingRows(form: RefObject<HTMLFormElement | null>): void {
  useEffect(() => {
    const element = form.current;
    if (!element) return;
    const recount = () => tell(element, "[data-unsaved-count]", unsavedWords(markRows(element)));
    recount();
    // Fields are made anew with each answer, and what is saved changes when somebody else saves.
    const observer = new MutationObserver(recount);
    observer.observe(element, { subtree: true, childList: true, attributeFilter: ["data-saved"] });
    const onInput = (event: Event) => {
      if (event.target instanceof HTMLInputElement && "searchText" in event.target.dataset)
        filterRows(element, event.target.value);
      else recount();
    };
    const onClick = (event: MouseEvent) => {
      const button = event.target instanceof HTMLButtonElement ? event.target : undefined;
      const row = button?.name === "useDefault" ? button.closest<HTMLElement>("[data-setting]") : undefined;
      if (!row) return;
      event.preventDefault();
      fill(row, row.dataset.default ?? "");
      recount();
    };
    // The fields are reset after the event.
    const onReset = () => setTimeout(recount);
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      element.querySelector<HTMLInputElement>("[data-search-text]")?.focus();
    };
    const search = document.getElementById(SEARCH_FORM);
    const onSearch = (event: Event) => event.preventDefault();
    element.addEventListener("input", onInput);
    element.addEventListener("click", onClick);
    element.addEventListener("reset", onReset);
    document.addEventListener("keydown", onKey);
    search?.addEventListener("submit", onSearch);
    return () => {
      observer.disconnect();
      element.removeEventListener("input", onInput);
      element.removeEventListener("click", onClick);
      element.removeEventListener("reset", onReset);
      document.removeEventListener("keydown", onKey);
      search?.removeEventListener("submit", onSearch);
    };
  }, [form]);
}

/** Only where it says something else: the observer would see its own change. */
function tell(form: HTMLFormElement, where: string, words: string): void {
  const element = form.querySelector(where);
  if (element && element.textContent !== words) element.textContent = words;
}

function unsavedWords(count: number): string {
  return count === 0 ? "" : `${count} unsaved ${count === 1 ? "change" : "changes"}`;
}

function markRows(form: HTMLFormElement): number {
  let count = 0;
  for (const row of form.querySelectorAll<HTMLElement>("[data-setting]")) {
    const value = valueIn(row);
    const differs = value !== row.dataset.saved;
    row.toggleAttribute("data-unsaved", differs);
    row.toggleAttribute("data-differs", value !== row.dataset.default);
    if (differs) count++;
  }
  return count;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function controlsIn(row: HTMLElement): Control[] {
  return [...row.querySelectorAll<Control>("input, textarea, select")];
}

function valueIn(row: HTMLElement): string {
  const controls = controlsIn(row);
  const [first] = controls;
  if (!(first instanceof HTMLInputElement)) return first?.value ?? "";
  if (first.type === "checkbox") return first.checked ? "on" : "off";
  if (first.type !== "radio") return first.value;
  return controls.find((one) => one instanceof HTMLInputElement && one.checked)?.value ?? "";
}

function fill(row: HTMLElement, value: string): void {
  const controls = controlsIn(row);
  const radio = controls.find(
    (one) => one instanceof HTMLInputElement && one.type === "radio" && one.value === value,
  );
  const control = radio ?? controls[0];
  if (radio instanceof HTMLInputElement) radio.checked = true;
  else if (control) control.value = value;
  // The button that was pressed goes with the difference, and the focus must not go with it.
  control?.focus();
}

/** The same as the server does with `?q=`, and the address is kept so that it can be come back to. */
function filterRows(form: HTMLFormElement, question: string): void {
  const words = question.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const section of form.querySelectorAll<HTMLElement>("[data-section]")) {
    const rows = [...section.querySelectorAll<HTMLElement>("[data-search]")];
    for (const row of rows) row.hidden = !words.every((word) => row.dataset.search?.includes(word));
    const shown = rows.filter((row) => !row.hidden).length;
    section.hidden = shown === 0;
    const entry = form.querySelector<HTMLElement>(`[data-index="${section.dataset.section}"]`);
    if (entry) entry.hidden = shown === 0;
    count += shown;
  }
  tell(form, "[data-search-count]", words.length > 0 ? countWords(count) : "");
  const address = new URL(location.href);
  if (words.length > 0) address.searchParams.set("q", question);
  else address.searchParams.delete("q");
  history.replaceState(history.state, "", address);
}
