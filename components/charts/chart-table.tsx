import type { Series } from "./time-chart";

interface ChartTableProps {
  title: string;
  series: readonly Series[];
  words: (at: string) => string;
}

/** Every value of a chart, the latest first. */
export function ChartTable({ title, series, words }: ChartTableProps) {
  const instants = [...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))]
    .toSorted()
    .toReversed();
  const values = series.map(({ points }) => new Map(points.map(({ at, value }) => [at, value])));
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-accent">As a table</summary>
      <div
        className="max-h-72 overflow-y-auto"
        tabIndex={0}
        role="region"
        aria-label={`${title}, as a table`}
      >
        <table className="list">
          <thead>
            <tr>
              <th scope="col">Time</th>
              {series.map(({ label }) => (
                <th key={label} scope="col" className="number">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {instants.map((at) => (
              <tr key={at}>
                <th scope="row">{words(at)}</th>
                {series.map(({ label }, index) => (
                  <td key={label} className="number">
                    {values[index]?.get(at)?.toLocaleString("en") ?? "–"}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
