/** A difference of files in unified form; each line says by its sign what it is, and by colour besides. */
export function FileDiff({ diff, label }: { diff: string; label: string }) {
  if (diff === "") return <p className="text-sm text-ink-soft">No generated file differs.</p>;
  // The rule that the format draws above each file says nothing.
  const lines = diff
    .trimEnd()
    .split("\n")
    .filter((line) => !line.startsWith("==="));
  return (
    <pre
      aria-label={label}
      role="region"
      tabIndex={0}
      className="overflow-x-auto rounded border border-line bg-surface py-2 text-xs leading-5"
    >
      <code className="block w-max min-w-full">
        {lines.map((line, index) => (
          <span key={`${index} ${line}`} className={`block px-3 ${lookOf(line)}`}>
            {line === "" ? " " : line}
          </span>
        ))}
      </code>
    </pre>
  );
}

function lookOf(line: string): string {
  if (line.startsWith("+++") || line.startsWith("---")) return "text-ink-soft";
  if (line.startsWith("@@")) return "text-accent";
  if (line.startsWith("+")) return "bg-good-ground text-good";
  if (line.startsWith("-")) return "bg-bad-ground text-bad";
  return "";
}
