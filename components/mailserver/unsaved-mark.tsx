/** Seen while its row is marked: by the server where it knows, by the browser while somebody types. */
export function UnsavedMark() {
  return (
    <span className="hidden rounded bg-warn-ground px-1.5 py-0.5 text-xs font-medium text-warn group-data-[unsaved]/row:inline">
      Unsaved
    </span>
  );
}
