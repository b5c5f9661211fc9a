import type { OpenSessionsView, StateView } from "@/lib/core/access/views";
import { type AccessAction, AccessForm } from "./access-form";
import { TextField } from "./form-state";

interface OffNowProps {
  subject: string;
  name: string;
  states: readonly StateView[];
  open: readonly OpenSessionsView[];
  mayChange: boolean;
  offNow: AccessAction;
  undo: AccessAction;
}

/** So many sessions are named; a domain can have thousands. */
const NAMED = 10;

/** Who is signed in now, and a button that denies and ends them; how many is said before. */
export function OffNow({ subject, name, states, open, mayChange, offNow, undo }: OffNowProps) {
  return (
    <div className="grid gap-6 sm:grid-cols-2">
      {open.map(({ protocol, sessions, ending }) => {
        const label = protocol.toUpperCase();
        const own = states.find((state) => state.protocol === protocol)?.own;
        return (
          <div key={protocol} className="space-y-2">
            <p className="text-sm">{openWords(label, sessions)}</p>
            {sessions && sessions.length > 0 ? (
              <ul className="text-sm text-ink-soft">
                {sessions.slice(0, NAMED).map(({ username, ip, pid }) => (
                  <li key={pid} className="break-all">
                    {username} from {ip}
                  </li>
                ))}
                {sessions.length > NAMED ? <li>and {sessions.length - NAMED} more</li> : null}
              </ul>
            ) : null}
            {mayChange ? (
              <AccessForm
                action={offNow}
                undo={undo}
                hidden={{ subject, protocol }}
                seen={own?.state ?? "inherit"}
                label={`${label} off now`}
                submit={buttonWords(label, name, ending)}
              >
                <TextField id={`off-${protocol}-reason`} name="reason" label="Reason" maxLength={500} />
              </AccessForm>
            ) : null}
          </div>
        );
      })}
    </div>
  );
}

function openWords(label: string, sessions: OpenSessionsView["sessions"]): string {
  if (sessions === null) return `Dovecot can't be asked who is connected by ${label}.`;
  if (sessions.length === 0) return `No ${label} session is open now.`;
  return `${sessions.length.toLocaleString("en")} ${label} ${sessions.length === 1 ? "session is" : "sessions are"} open now:`;
}

function buttonWords(label: string, name: string, ending: number | null): string {
  if (ending === null) return `Deny ${label} for ${name} and end its sessions`;
  return `Deny ${label} and end ${ending.toLocaleString("en")} ${ending === 1 ? "session" : "sessions"}`;
}
