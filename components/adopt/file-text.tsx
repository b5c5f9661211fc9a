/** The text of a file that is longer than its line: moved sideways within itself, by the keyboard too. */
export function FileText({ label, text }: { label: string; text: string }) {
  return (
    <pre
      aria-label={label}
      role="region"
      tabIndex={0}
      className="overflow-x-auto rounded border border-line bg-surface px-3 py-2 text-xs leading-5"
    >
      <code>{text.trimEnd()}</code>
    </pre>
  );
}
