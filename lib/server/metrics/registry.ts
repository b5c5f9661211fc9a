import { Counter, Gauge, Registry } from "prom-client";
import { version } from "@/package.json";
import type { Figures } from "./figures";

/** All figures in Prometheus's text format. docs/monitoring.md describes each; no label names a mailbox. */
export async function metricsText(figures: Figures): Promise<{ contentType: string; text: string }> {
  const registry = new Registry();
  // Made for this answer alone: what isn't known now is left out, and no older figure stands in for it.
  const gauge = <Label extends string>(
    name: string,
    help: string,
    samples: readonly { labels?: Record<Label, string>; value: number | undefined }[],
  ) => {
    const known = samples.filter((sample) => sample.value !== undefined);
    const labelNames = Object.keys(known[0]?.labels ?? {});
    if (known.length === 0) return;
    const metric = new Gauge({ name: `portcullis_${name}`, help, labelNames, registers: [registry] });
    for (const { labels, value } of known) metric.set((labels ?? {}) as Record<string, string>, value ?? 0);
  };
  const one = (name: string, help: string, value: number | undefined) => gauge(name, help, [{ value }]);
  const by = (name: string, help: string, label: string, counts: Readonly<Record<string, number>>) =>
    gauge(
      name,
      help,
      Object.entries(counts).map(([key, value]) => ({ labels: { [label]: key }, value })),
    );

  one("up", "The panel works and its database answers.", 1);
  gauge("info", "Versions of the panel and of Dovecot; always 1.", [
    { labels: { version, dovecot_version: figures.dovecotVersion }, value: 1 },
  ]);
  one("checked_timestamp_seconds", "When daemon and ports were looked at, Unix time.", figures.checkedAt);
  one("dovecot_up", "Dovecot's master runs (1) or not (0).", figures.dovecotUp);
  one("mail_up", "Dovecot runs and every port that should answer does (1), else 0.", figures.mailUp);
  gauge(
    "listener_wanted_open",
    "The port should answer (1) or refuse connections (0).",
    figures.listeners.map(({ labels, wantedOpen }) => ({ labels, value: wantedOpen })),
  );
  gauge(
    "listener_seen_open",
    "The port answers with a greeting (1) or not (0).",
    figures.listeners.map(({ labels, seenOpen }) => ({ labels, value: seenOpen })),
  );
  gauge(
    "listener_greeting_seconds",
    "Time until the greeting came, for ports that answer.",
    figures.listeners.map(({ labels, greetingSeconds }) => ({ labels, value: greetingSeconds })),
  );
  by("sessions", "Open sessions.", "protocol", figures.sessions);
  one("revision_wanted", "The newest revision of the settings.", figures.revisionWanted);
  one("revision_in_force", "The revision that is in force.", figures.revisionInForce);
  by("drift", "Findings of drift that nobody left as they are.", "severity", figures.drift);
  by("alerts_standing", "What a person must look at now.", "severity", figures.alertsStanding);
  by("jobs", "Jobs.", "state", figures.jobs);
  one("accounts", "Accounts that the last listing named.", figures.accounts);
  one(
    "accounts_listed_timestamp_seconds",
    "When the last whole listing of the accounts ended, Unix time.",
    figures.listedAt,
  );
  one(
    "certificate_expiry_timestamp_seconds",
    "When the TLS certificate ends, Unix time.",
    figures.certificateEndsAt,
  );
  one("mail_volume_size_bytes", "Size of the volume that holds mail.", figures.volume?.sizeBytes);
  one("mail_volume_free_bytes", "Free on it for Dovecot.", figures.volume?.freeBytes);
  const deliveries = new Counter({
    name: "portcullis_alert_deliveries_total",
    help: "Messages of alerts, tests too, that a channel took or did not.",
    labelNames: ["channel", "outcome"],
    registers: [registry],
  });
  for (const { channel, sent, failed } of figures.deliveries) {
    deliveries.inc({ channel, outcome: "sent" }, sent);
    deliveries.inc({ channel, outcome: "failed" }, failed);
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}
