"use client";

import { useEffect, useSyncExternalStore } from "react";
import {
  areKeysOff,
  isForTable,
  moveBy,
  onKeysSwitched,
  onTicked,
  selectAll,
  switchKeys,
  tickedIn,
  toggleRow,
} from "./table-rows";

const KEYS = [
  { key: "j", does: "next row" },
  { key: "k", does: "row before" },
  { key: "Enter", does: "open the row" },
  { key: "x", does: "select the row" },
  { key: "/", does: "search" },
  { key: "?", does: "show these keys" },
] as const;

interface TableKeysProps {
  table: string;
  search: string;
}

/**
 * Single keys for a table of links, and a count of what is selected. The rows come from the server: this only moves the
 * focus among their links, so that Enter and the browser's own keys go on working.
 */
export function TableKeys({ table, search }: TableKeysProps) {
  const off = useSyncExternalStore(onKeysSwitched, areKeysOff, () => false);
  const ticked = useSyncExternalStore(
    onTicked,
    () => tickedIn(table),
    () => "0/0",
  );
  const [count = 0, boxes = 0] = ticked.split("/").map(Number);
  const isAll = count > 0 && count === boxes;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const element = document.getElementById(table);
      if (event.key === "Escape") element?.setAttribute("data-tips-off", "");
      if (!element || areKeysOff() || !isForTable(event)) return;
      const act = {
        j: () => moveBy(element, 1),
        k: () => moveBy(element, -1),
        x: () => toggleRow(element),
        "/": () => document.getElementById(search)?.focus(),
        "?": () => document.getElementById(HELP)?.togglePopover(),
      }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    const showTips = () => document.getElementById(table)?.removeAttribute("data-tips-off");
    document.addEventListener("keydown", onKey);
    document.addEventListener("focusin", showTips);
    document.addEventListener("pointermove", showTips);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("focusin", showTips);
      document.removeEventListener("pointermove", showTips);
    };
  }, [table, search]);

  const all = () => {
    const element = document.getElementById(table);
    if (element) selectAll(element, !isAll);
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 text-sm">
      <span role="status">{count > 0 ? `${count.toLocaleString("en")} selected` : ""}</span>
      <button type="button" onClick={all} className={QUIET}>
        {isAll ? "Select none" : "Select the page"}
      </button>
      <button type="button" popoverTarget={HELP} className={QUIET}>
        Keys <kbd className="rounded border border-line-strong px-1">?</kbd>
      </button>
      <div
        id={HELP}
        popover="auto"
        role="dialog"
        aria-label="Keys"
        className="m-auto space-y-3 rounded border border-line-strong bg-surface p-4 text-ink shadow-lg"
      >
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {KEYS.map(({ key, does }) => (
            <div key={key} className="contents">
              <dt>
                <kbd className="rounded border border-line-strong px-1.5">{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={!off}
            onChange={({ target }) => switchKeys(!target.checked)}
            className="size-4 accent-accent"
          />
          Single keys are on
        </label>
        <noscript>The keys need JavaScript; everything can be reached with Tab as well.</noscript>
      </div>
    </div>
  );
}

const HELP = "keys";
const QUIET = "cursor-pointer rounded px-2 py-1 text-accent hover:bg-raised";
