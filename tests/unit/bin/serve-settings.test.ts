import { expect, it } from "vitest";
import { serveSettings } from "@/bin/serve/settings";

const wrongWith = (environment: Record<string, string>): string => {
  try {
    serveSettings({ NODE_ENV: "test", ...environment });
    return "";
  } catch (error) {
    return String(error);
  }
};

it("says what can't be used, and of a password nothing but that", () => {
  const admin = { PORTCULLIS_ADMIN_EMAIL: "anna@panel.example" };
  expect(wrongWith({ ...admin, PORT: "70000" })).toContain("PORT=70000 can't be used");
  for (const [password, why] of [
    ["short", "must have at least 12 characters"],
    ["iloveyouforever", "is among those that are guessed first"],
  ] as const) {
    const said = wrongWith({ ...admin, PORTCULLIS_ADMIN_PASSWORD: password });
    expect(said).toContain(`PORTCULLIS_ADMIN_PASSWORD can't be used: ${why}.`);
    expect(said).not.toContain(password);
  }
});
