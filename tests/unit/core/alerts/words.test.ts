import { describe, expect, it } from "vitest";
import type { Alert } from "@/lib/core/alerts/alert";
import type { Happening } from "@/lib/core/alerts/due";
import { type Item, itemId, type Message, ordered } from "@/lib/core/alerts/message";
import { webhookBody } from "@/lib/core/alerts/webhook-body";
import { subjectOf, textOf } from "@/lib/core/alerts/words";

const BEGAN = new Date("2026-11-25T12:00:00Z");
const tell = (at: Date) => at.toISOString();

const item = (happening: Happening, facts: Partial<Alert> = {}, times = 1): Item => ({
  happening,
  times,
  alert: {
    id: 7,
    key: "daemon-down",
    severity: "alarm",
    sentence: "Dovecot is not running.",
    href: "/mailserver/drift",
    firstSeenAt: BEGAN,
    endedAt: happening === "over" ? new Date("2026-11-25T12:30:00Z") : null,
    ...facts,
  },
});
const message = (items: Item[], facts: Partial<Message> = {}): Message => ({
  id: "m1",
  host: "mx1",
  panelUrl: "https://panel.example",
  sentAt: BEGAN,
  isTest: false,
  items,
  ...facts,
});

describe("the words of a message", () => {
  it.each([
    [[item("began")], "[Portcullis mx1] Alarm: Dovecot is not running."],
    [[item("began", { severity: "warning" })], "[Portcullis mx1] Warning: Dovecot is not running."],
    [[item("worse")], "[Portcullis mx1] Has become worse: Dovecot is not running."],
    [[item("stands")], "[Portcullis mx1] Still stands: Dovecot is not running."],
    [[item("over")], "[Portcullis mx1] Is over: Dovecot is not running."],
    [
      [item("began"), item("began"), item("stands"), item("over"), item("over")],
      "[Portcullis mx1] 2 began, 1 still stands, 2 are over",
    ],
  ])("subject %#", (items, subject) => expect(subjectOf(message(items))).toBe(subject));

  it("tells what, since when, and where it is mended", () => {
    expect(textOf(message([item("began")]), tell)).toBe(
      `Began: alarm: Dovecot is not running.
  since 2026-11-25T12:00:00.000Z.
  https://panel.example/mailserver/drift

Portcullis on mx1, https://panel.example/alerts
`,
    );
  });

  it("tells from when to when, and that it could not be told while it stood", () => {
    const text = textOf(message([item("over", {}, 0)], { panelUrl: undefined }), tell);
    expect(text).toContain("from 2026-11-25T12:00:00.000Z to 2026-11-25T12:30:00.000Z. It could not be told");
    expect(text).not.toContain("undefined");
  });

  it("says of a test that nothing is wrong", () => {
    const test = message([], { isTest: true });
    expect(subjectOf(test)).toBe("[Portcullis mx1] Test: alerts get through");
    expect(textOf(test, tell)).toContain("Nothing is wrong");
  });

  it("keeps to one line whatever a sentence holds", () => {
    const hostile = "x\r\nBcc: somebody@evil.example\u2028\u0000y";
    expect(subjectOf(message([item("began", { sentence: hostile })]))).toBe(
      "[Portcullis mx1] Alarm: x Bcc: somebody@evil.example y",
    );
    const lines = textOf(message([item("began", { sentence: hostile })]), tell).split("\n");
    expect(lines[0]).toBe("Began: alarm: x Bcc: somebody@evil.example y");
  });

  it("puts what began first, alarms before warnings, what is over last", () => {
    const items = [item("over"), item("began", { severity: "warning" }), item("stands"), item("began")];
    expect(ordered(items).map(({ happening, alert }) => `${happening} ${alert.severity}`)).toEqual([
      "began alarm",
      "began warning",
      "stands alarm",
      "over alarm",
    ]);
  });
});

describe("what a webhook gets", () => {
  it("has the text for people and each alert for programs", () => {
    const body = JSON.parse(webhookBody(message([item("began", {}, 0)]), tell)) as Record<string, unknown>;
    expect(body).toEqual({
      format: "portcullis-alerts/1",
      id: "m1",
      test: false,
      host: "mx1",
      sentAt: "2026-11-25T12:00:00.000Z",
      text: expect.stringContaining("Alarm: Dovecot is not running."),
      alerts: [
        {
          id: "7-began-0",
          key: "daemon-down",
          event: "began",
          severity: "alarm",
          sentence: "Dovecot is not running.",
          since: "2026-11-25T12:00:00.000Z",
          endedAt: null,
          url: "https://panel.example/mailserver/drift",
        },
      ],
    });
  });

  it("names each telling of an alert differently, and a second try of it the same", () => {
    const ids = [item("began", {}, 0), item("stands", {}, 1), item("stands", {}, 2), item("over", {}, 3)];
    expect(new Set(ids.map(itemId)).size).toBe(4);
    expect(itemId(item("began", {}, 0))).toBe(itemId(item("began", { sentence: "As it reads now." }, 0)));
  });
});
