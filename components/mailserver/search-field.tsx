/** Searches labels and help. A form of its own by GET; with JavaScript it filters while somebody types. */
export const SEARCH_FORM = "settings-search";

export function SearchField({ search, count }: { search: string; count: number }) {
  return (
    <div>
      <label htmlFor="settings-search-text" className="block text-sm font-medium">
        Search settings
      </label>
      <div className="mt-1 flex gap-2">
        <input
          id="settings-search-text"
          form={SEARCH_FORM}
          type="search"
          name="q"
          defaultValue={search}
          placeholder="memory, cipher…"
          autoComplete="off"
          aria-keyshortcuts="/"
          data-search-text=""
          className="w-full min-w-0 rounded border border-line-strong bg-surface px-2 py-1 text-sm placeholder:text-ink-soft"
        />
        <noscript>
          <button type="submit" form={SEARCH_FORM} className="rounded border border-line-strong px-2 text-sm">
            Find
          </button>
        </noscript>
      </div>
      <p aria-live="polite" data-search-count="" className="mt-1 min-h-5 text-xs text-ink-soft">
        {search.trim() === "" ? "" : countWords(count)}
      </p>
    </div>
  );
}

export function countWords(count: number): string {
  return count === 0 ? "No setting has that." : `${count} ${count === 1 ? "setting" : "settings"}`;
}
