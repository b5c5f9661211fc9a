import { execFileSync } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { journalLog } from "@/lib/system/logs/journal-log";
import type { LogPart } from "@/lib/system/logs/log-reading";

const WRITER = "/lib/systemd/systemd-journal-remote";
const FIRST_AT = Date.UTC(2026, 10, 25);

interface Entry {
  message: string;
  tag?: string;
}

/** A real journal file, with an entry a second. */
function writeJournal(file: string, entries: readonly Entry[], firstSecond = 0): void {
  const text = entries.map(({ message, tag = "dovecot" }, index) => {
    const at = FIRST_AT + (firstSecond + index) * 1000;
    return [
      `__REALTIME_TIMESTAMP=${at}000`,
      `__MONOTONIC_TIMESTAMP=${(firstSecond + index + 1) * 1000}`,
      "_BOOT_ID=0123456789abcdef0123456789abcdef",
      `SYSLOG_IDENTIFIER=${tag}`,
      `MESSAGE=${message}`,
      "",
      "",
    ].join("\n");
  });
  execFileSync(WRITER, ["-o", file, "-"], { input: text.join(""), stdio: ["pipe", "ignore", "ignore"] });
}

describe("systemd's journal", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "portcullis-journal-"));
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));
  beforeEach((context) => {
    if (!existsSync(WRITER)) context.skip(`nothing writes journals here (${WRITER})`);
  });

  const source = () => journalLog("dovecot", [`--directory=${folder}`]);
  const texts = ({ lines }: LogPart) => lines.map(({ text }) => text);

  it("is read once, of one tag, with the instant of each line, and on from there", async () => {
    writeJournal(join(folder, "a.journal"), [
      { message: "imap-login: Login: one" },
      { message: "other", tag: "postfix" },
      { message: "imap-login: Login: Grüße" },
    ]);
    const first = await source().read(undefined);
    expect(first.lines).toEqual([
      { text: "imap-login: Login: one", atMs: FIRST_AT },
      { text: "imap-login: Login: Grüße", atMs: FIRST_AT + 2000 },
    ]);
    const nothing = await source().read(first.position);
    expect(nothing).toMatchObject({ lines: [], position: first.position, missed: undefined, isMore: false });
    writeJournal(join(folder, "b.journal"), [{ message: "three" }], 10);
    const more = await source().read(first.position);
    expect(texts(more)).toEqual(["three"]);
    expect(more.missed).toBeUndefined();
    expect(texts(await source().read(more.position))).toEqual([]);
  });

  it("that is long comes in parts, without a seam", async () => {
    const many = Array.from({ length: 12_000 }, (_, index) => ({ message: `line ${index}` }));
    writeJournal(join(folder, "c.journal"), many, 100);
    const read: string[] = [];
    let part = await source().read(undefined);
    let parts = 1;
    for (; part.isMore; parts++) {
      read.push(...texts(part));
      part = await source().read(part.position);
    }
    read.push(...texts(part));
    expect(parts).toBeGreaterThan(2);
    expect(read.slice(3)).toEqual(many.map(({ message }) => message));
  });

  it("that was cut back says that something is missing, and doubles nothing", async () => {
    const { position } = await source().read((await source().read(undefined)).position);
    rmSync(join(folder, "c.journal"));
    writeJournal(join(folder, "d.journal"), [{ message: "after" }], 20_000);
    const part = await source().read(position);
    expect(part.missed?.reason).toContain("cut back");
    expect(texts(part)).toEqual(["after"]);
  });

  it("that can't be read says so", async () => {
    renameSync(folder, `${folder}-away`);
    try {
      await expect(source().read(undefined)).rejects.toThrow("The journal can't be read");
    } finally {
      renameSync(`${folder}-away`, folder);
    }
  });
});
