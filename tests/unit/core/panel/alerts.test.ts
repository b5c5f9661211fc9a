import { describe, expect, it } from "vitest";
import { alertOptions } from "@/lib/core/panel/alerts";
import { optionSentences, readOptions } from "@/lib/core/panel/option";

const problemsOf = (typed: Record<string, string>) => {
  const read = readOptions(alertOptions, typed);
  return read.ok ? [] : read.problems.map(({ key }) => key);
};
const MAIL = { smtpHost: "smtp.example.net", mailFrom: "panel@site.example", mailTo: "anna@other.example" };

describe("the settings of alerts", () => {
  it("may all be left as they are: then nobody is told", () => {
    expect(readOptions(alertOptions, {})).toMatchObject({
      ok: true,
      values: { webhookUrl: "", mailTo: [], metricsToken: "", settleSeconds: 60, least: "warning" },
    });
  });

  it.each([
    "https://hooks.example/T/B",
    "http://127.0.0.1:8080/x",
    "http://localhost/x",
    "http://[::1]:99/x",
  ])("takes the webhook %s", (webhookUrl) => expect(problemsOf({ webhookUrl })).toEqual([]));

  it.each([
    "http://hooks.example/T/B",
    "http://127.0.0.1.evil.example/",
    "ftp://127.0.0.1/",
    "javascript:alert(1)",
    "hooks.example",
    "https://name:password@hooks.example/",
  ])("refuses the webhook %s", (webhookUrl) => expect(problemsOf({ webhookUrl })).toEqual(["webhookUrl"]));

  it.each([
    [{ ...MAIL }, []],
    [{ ...MAIL, mailTo: "anna@other.example, ben@other.example\ncleo@other.example" }, []],
    [{ ...MAIL, mailTo: "anna@other.example nonsense" }, ["mailTo"]],
    [{ ...MAIL, mailFrom: "panel@site.example\r\nBcc: x@evil.example" }, ["mailFrom"]],
    [{ ...MAIL, mailFrom: "" }, ["mailFrom"]],
    [{ ...MAIL, mailTo: "" }, ["mailTo"]],
    [{ ...MAIL, smtpHost: "" }, ["smtpHost"]],
    [{ ...MAIL, smtpHost: "smtp.example.net:25" }, ["smtpHost"]],
    [{ ...MAIL, smtpHost: "2001:db8::25" }, []],
    [{ ...MAIL, smtpPort: "0" }, ["smtpPort"]],
    [{ ...MAIL, smtpUser: "panel" }, ["smtpPassword"]],
    [{ ...MAIL, smtpUser: "panel", smtpPassword: "x", smtpSecurity: "none" }, ["smtpSecurity"]],
    [{ ...MAIL, smtpHost: "127.0.0.1", smtpUser: "panel", smtpPassword: "x", smtpSecurity: "none" }, []],
    [{ ...MAIL, smtpSecurity: "maybe" }, ["smtpSecurity"]],
    [{ metricsToken: "too-short" }, ["metricsToken"]],
    [{ metricsToken: "long enough with blanks" }, ["metricsToken"]],
    [{ metricsToken: "long-enough-without" }, []],
    [{ repeatHours: "-1" }, ["repeatHours"]],
    [{ settleSeconds: "3601" }, ["settleSeconds"]],
    [{ diskPercent: "100" }, ["diskPercent"]],
  ])("%j", (typed, problems) => expect(problemsOf(typed)).toEqual(problems));

  it("never tells a secret when it tells what changed", () => {
    const secrets = {
      webhookUrl: "https://hooks.example/T0P",
      webhookSecret: "T0P-secret",
      smtpPassword: "T0P-password",
      metricsToken: "T0P-token-long-enough",
    };
    const sentences = optionSentences(alertOptions, {}, secrets);
    expect(sentences).toHaveLength(4);
    expect(sentences.join()).not.toContain("T0P");
  });
});
