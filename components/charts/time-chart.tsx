import { scaleLinear, scaleTime } from "d3-scale";
import { area, line } from "d3-shape";
import { ChartTable } from "./chart-table";

/** A row of values over time. What is missing is a gap, not nought. */
export interface Series {
  label: string;
  points: readonly { at: string; value: number }[];
}

interface TimeChartProps {
  /** What is drawn, for instance "Sessions open". */
  title: string;
  /** Two at most: told apart by how the line is drawn, not by colour alone. */
  series: readonly Series[];
  /** ISO 8601, the ends of the time that is shown. */
  from: string;
  to: string;
  /** How far two points are apart where none is missing, in milliseconds. */
  stepMs: number;
  /** How instants are written: within a day, or days. */
  days: boolean;
}

const WIDTH = 1000;
const HEIGHT = 200;
const LINES = [
  { stroke: "stroke-accent", fill: "fill-accent", dash: undefined },
  { stroke: "stroke-warn", fill: "fill-warn", dash: "6 4" },
] as const;

/**
 * Drawn on the server: no script, and nothing that a strict content policy forbids. The table behind it has every value, for
 * eyes and for screen readers.
 */
export function TimeChart({ title, series, from, to, stepMs, days }: TimeChartProps) {
  const most = Math.max(1, ...series.flatMap(({ points }) => points.map(({ value }) => value)));
  const y = scaleLinear([0, most], [HEIGHT, 0]).nice(4);
  const x = scaleTime([Date.parse(from), Date.parse(to)], [0, WIDTH]);
  const [, top = most] = y.domain();
  const hasPoints = series.some(({ points }) => points.length > 0);
  return (
    <figure aria-label={title} className="space-y-1 rounded border border-line bg-surface px-4 py-3">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <span className="font-medium">{title}</span>
        <span className="flex gap-4">
          {series.map(({ label }, index) => (
            <span key={label} className="flex items-center gap-1.5">
              <svg width="22" height="8" aria-hidden="true">
                <line
                  x1="0"
                  y1="4"
                  x2="22"
                  y2="4"
                  className={LINES[index]?.stroke}
                  strokeWidth="2"
                  strokeDasharray={LINES[index]?.dash}
                />
              </svg>
              {label}
            </span>
          ))}
        </span>
      </figcaption>
      {hasPoints ? (
        <>
          <div className="grid grid-cols-[auto_1fr] gap-x-2 text-ink-soft text-xs">
            <div className="flex flex-col justify-between text-right" aria-hidden="true">
              <span>{top.toLocaleString("en")}</span>
              <span>0</span>
            </div>
            <svg
              viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
              preserveAspectRatio="none"
              className="h-32 w-full"
              role="img"
              aria-label={summary(title, series)}
            >
              {y.ticks(4).map((tick) => (
                <line
                  key={tick}
                  x1="0"
                  x2={WIDTH}
                  y1={y(tick)}
                  y2={y(tick)}
                  className="stroke-line"
                  vectorEffect="non-scaling-stroke"
                />
              ))}
              {series.map(({ label, points }, index) =>
                runs(points, stepMs).map((run) => (
                  <g key={`${label} ${run[0]?.at}`}>
                    <path
                      d={area<Point>(atX, HEIGHT, atY)(run) ?? ""}
                      className={`${LINES[index]?.fill} opacity-10`}
                    />
                    <path
                      d={line<Point>(atX, atY)(run) ?? ""}
                      fill="none"
                      className={LINES[index]?.stroke}
                      strokeWidth="2"
                      strokeLinecap="round"
                      strokeDasharray={LINES[index]?.dash}
                      vectorEffect="non-scaling-stroke"
                    />
                  </g>
                )),
              )}
            </svg>
            <span />
            <div className="flex justify-between" aria-hidden="true">
              <span>{instantWords(from, days)}</span>
              <span>{instantWords(to, days)}</span>
            </div>
          </div>
          <ChartTable title={title} series={series} words={(at) => instantWords(at, days)} />
        </>
      ) : (
        <p className="py-6 text-center text-ink-soft text-sm">No data of this time yet.</p>
      )}
    </figure>
  );

  function atX({ at }: Point): number {
    return x(Date.parse(at));
  }

  function atY({ value }: Point): number {
    return y(value);
  }
}

type Point = Series["points"][number];

/** Points that follow one another without one missing; a single one is drawn as a dot. */
function runs(points: readonly Point[], stepMs: number): Point[][] {
  const all: Point[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    const at = Date.parse(point.at);
    if (at - last > stepMs * 1.5) all.push([]);
    all.at(-1)?.push(point);
    last = at;
  }
  return all;
}

function summary(title: string, series: readonly Series[]): string {
  const parts = series.map(({ label, points }) => {
    const values = points.map(({ value }) => value);
    const last = values.at(-1);
    return last === undefined
      ? `${label}: no data`
      : `${label}: ${last.toLocaleString("en")} last, ${Math.max(...values).toLocaleString("en")} at most`;
  });
  return `${title}. ${parts.join("; ")}.`;
}

/** Days are counted in UTC. */
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const MINUTE = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

function instantWords(iso: string, days: boolean): string {
  return (days ? DAY : MINUTE).format(new Date(iso));
}
