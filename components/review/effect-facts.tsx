import { CircleCheck } from "lucide-react";

interface EffectFactsProps {
  effect: {
    route: "none" | "stop" | "reload";
    sessionsEnded: number | null;
    sessions: Readonly<Record<string, { open: number; ended: number }>> | null;
    closes: readonly string[];
    opens: readonly string[];
    back: { route: "none" | "stop" | "reload"; sessionsEnded: number | null };
    sentences: readonly string[];
  };
  checks: readonly string[];
}

const ROUTE_WORDS = { none: "Nothing", stop: "Ports close, no reload", reload: "One reload" } as const;

/** What a change does to the daemon and to people who are connected now, and what was checked. */
export function EffectFacts({ effect, checks }: EffectFactsProps) {
  const { route, sessions, closes, opens, back, sentences } = effect;
  return (
    <div className="space-y-3 rounded border border-line bg-surface px-4 py-3">
      <div>
        <p className="font-medium">{ROUTE_WORDS[route]}</p>
        {sentences.map((sentence) => (
          <p key={sentence} className="text-sm">
            {sentence}
          </p>
        ))}
      </div>
      {sessions ? (
        <table className="text-left text-sm">
          <caption className="sr-only">Sessions that are open now</caption>
          <thead>
            <tr className="border-line border-b">
              <th scope="col" className="py-1 pr-6 font-medium">
                Protocol
              </th>
              <th scope="col" className="py-1 pr-6 text-right font-medium">
                Open now
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                Will end
              </th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(sessions).map(([protocol, { open, ended }]) => (
              <tr key={protocol} className="border-line border-b">
                <th scope="row" className="py-1 pr-6 font-normal">
                  {protocol.toUpperCase()}
                </th>
                <td className="py-1 pr-6 text-right">{open.toLocaleString("en")}</td>
                <td className={`py-1 text-right ${ended > 0 ? "font-medium text-warn" : ""}`}>
                  {ended.toLocaleString("en")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p className="text-sm">How many sessions are open is not known: Dovecot can’t be asked.</p>
      )}
      <Ports label="Closes" ports={closes} />
      <Ports label="Opens" ports={opens} />
      <p className="text-sm text-ink-soft">
        Going back, should it have to: {ROUTE_WORDS[back.route].toLowerCase()}
        {back.sessionsEnded === null
          ? ""
          : `, ending ${back.sessionsEnded.toLocaleString("en")} of today’s sessions`}
        .
      </p>
      <ul aria-label="Checks that passed" className="space-y-0.5 text-sm">
        {checks.map((check) => (
          <li key={check} className="flex gap-2">
            <CircleCheck className="mt-1 size-4 shrink-0 text-good" aria-hidden="true" />
            {check}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Ports({ label, ports }: { label: string; ports: readonly string[] }) {
  if (ports.length === 0) return null;
  return (
    <div className="text-sm">
      <p className="font-medium">{label}</p>
      <ul className="list-disc pl-5">
        {ports.map((port) => (
          <li key={port}>{port}</li>
        ))}
      </ul>
    </div>
  );
}
