import { duration } from "../kinds/number";
import { place, set } from "../kinds/spec";
import { section } from "../setting";

export const idle = section({
  key: "idle",
  label: "IMAP IDLE",
  settings: [
    duration({
      key: "idle_hibernate_s",
      label: "Idle Hibernate Timeout",
      help: "A mail program that only waits for news is handed to one shared process after so long, which saves memory. 0 turns it off.",
      unit: "seconds",
      default: 30,
      dovecotDefault: "0",
      range: { min: 0, max: 86_400 },
      risk: {
        level: "low",
        sentence: "Above 0, Dovecot's internal user can take sessions over, and so open any mailbox.",
      },
      protocols: ["imap"],
      rules: [
        {
          severity: "error",
          check: ({ idle_hibernate_s: seconds, imap }) =>
            typeof seconds === "number" && seconds > 0 && imap === false
              ? "has nothing to hibernate while IMAP is off; set it to 0, or open IMAP"
              : undefined,
        },
      ],
      at: place("imap_hibernate_timeout"),
      render(seconds, { target }) {
        const timeout = set(place("imap_hibernate_timeout"), seconds === 0 ? 0 : `${seconds}s`);
        // Without it, the shared process can't give a session back, and everybody who wakes up is disconnected.
        const socket = place("user", ["service", "imap"], ["unix_listener", "imap-master"]);
        return seconds === 0 ? [timeout] : [timeout, set(socket, target.site.internalUser)];
      },
    }),
    duration({
      key: "idle_notify_min",
      label: "Interval Between IDLE “OK Still Here” Messages",
      help: "Keeps waiting connections open through firewalls. Longer spares the battery of phones.",
      unit: "minutes",
      default: 24,
      dovecotDefault: "2",
      range: { min: 1, max: 99 },
      risk: { level: "low", sentence: "Too long, and firewalls drop waiting connections without a word." },
      protocols: ["imap"],
      at: place("imap_idle_notify_interval"),
    }),
    duration({
      key: "idle_check_s",
      label: "Idle Check Interval",
      help: "How often the mailbox of somebody who waits for news is looked at, where the system doesn't tell of changes.",
      unit: "seconds",
      default: 30,
      range: { min: 1, max: 3600 },
      risk: { level: "low", sentence: "Shorter means more disk access, longer means news that come late." },
      protocols: ["imap"],
      at: place("mailbox_idle_check_interval"),
    }),
  ],
});
