/** IMAP and POP3 in one picture: where mail lies, and who sees it. */
export function TwoWays() {
  return (
    <figure className="grid gap-4 sm:grid-cols-2">
      <Way
        title="IMAP: mail stays on the server"
        words="Every device shows the same mail and folders. The server's disk grows with it; a lost phone loses nothing."
      >
        <Server x={24} kept={4} />
        <Link x1={76} y1={60} x2={150} y2={32} both />
        <Link x1={76} y1={60} x2={150} y2={92} both />
        <Device x={154} y={14} kept={4} />
        <Device x={154} y={74} kept={4} />
      </Way>
      <Way
        title="POP3: mail moves to one device"
        words="The first device that asks takes the mail away. The server's disk stays small; the device is the only copy, and no other sees it."
      >
        <Server x={24} kept={0} />
        <Link x1={76} y1={60} x2={150} y2={32} />
        <Device x={154} y={14} kept={4} />
        <Device x={154} y={74} kept={0} />
      </Way>
    </figure>
  );
}

function Way({ title, words, children }: { title: string; words: string; children: React.ReactNode }) {
  return (
    <div className="rounded border border-line bg-surface px-4 py-3">
      <h3 className="font-medium">{title}</h3>
      <svg viewBox="0 0 220 124" className="h-36 w-full" aria-hidden="true">
        {children}
      </svg>
      <p className="text-sm">{words}</p>
    </div>
  );
}

function Server({ x, kept }: { x: number; kept: number }) {
  return (
    <>
      <rect x={x} y="20" width="52" height="80" rx="4" className="fill-raised stroke-line-strong" />
      <text x={x + 26} y="114" textAnchor="middle" className="fill-ink-soft text-[10px]">
        server
      </text>
      <Letters x={x + 10} y={30} count={kept} />
    </>
  );
}

function Device({ x, y, kept }: { x: number; y: number; kept: number }) {
  return (
    <>
      <rect x={x} y={y} width="42" height="38" rx="4" className="fill-raised stroke-line-strong" />
      <Letters x={x + 6} y={y + 4} count={Math.min(kept, 2)} small />
    </>
  );
}

function Letters({ x, y, count, small = false }: { x: number; y: number; count: number; small?: boolean }) {
  const [width, height, step] = small ? [30, 12, 15] : [32, 13, 16];
  return Array.from({ length: count }, (_, index) => (
    <g key={index} className="fill-surface stroke-accent">
      <rect x={x} y={y + index * step} width={width} height={height} rx="1.5" />
      <path
        d={`M${x} ${y + index * step} l${width / 2} ${height / 2} l${width / 2} ${-height / 2}`}
        fill="none"
      />
    </g>
  ));
}

function Link({
  x1,
  y1,
  x2,
  y2,
  both = false,
}: {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  both?: boolean;
}) {
  return (
    <line
      x1={x1}
      y1={y1}
      x2={x2}
      y2={y2}
      className="stroke-accent"
      strokeWidth="2"
      strokeDasharray={both ? undefined : "5 4"}
    />
  );
}
