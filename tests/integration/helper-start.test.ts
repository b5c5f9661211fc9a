import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Helper, startHelper } from "@/lib/system/helper/server";
import { notRoot, WEB } from "../support/helper-sandbox";

describe("the root helper's start", () => {
  let folder: string;
  let helpers: Helper[];
  beforeEach((context) => {
    helpers = [];
    folder = "";
    const missing = notRoot();
    if (missing) context.skip(missing);
    folder = mkdtempSync(join(tmpdir(), "portcullis-start-"));
    chmodSync(folder, 0o755);
    for (const name of ["etc", "etc/portcullis", "helper", "staging"])
      mkdirSync(join(folder, name), { mode: 0o755 });
    writeFileSync(join(folder, "etc/dovecot.conf"), "", { mode: 0o644 });
    configure({});
  });
  afterEach(async () => {
    for (const helper of helpers) await helper.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  const at = (path: string) => join(folder, path);
  function configure(more: object) {
    const instance = {
      root: "",
      configFile: at("etc/dovecot.conf"),
      baseDir: at("run"),
      stagingDir: at("staging"),
    };
    const config = { instance, group: WEB.gid, socket: at("sockets/helper.sock"), ...more };
    writeFileSync(at("helper/helper.json"), JSON.stringify(config), { mode: 0o600 });
  }
  const start = async () => {
    const helper = await startHelper(at("helper"), undefined, () => {});
    helpers.push(helper);
    return helper;
  };

  it("makes folder and socket for root and the group, and nobody else; again over what a dead one left", async () => {
    await start();
    const facts = (path: string) => {
      const { uid, gid, mode } = lstatSync(at(path));
      return [uid, gid, (mode & 0o7777).toString(8)];
    };
    expect(facts("sockets")).toEqual([0, WEB.gid, "750"]);
    expect(facts("sockets/helper.sock")).toEqual([0, WEB.gid, "660"]);
    await expect(start()).rejects.toThrow("Another helper listens at");
    await helpers.pop()?.close();
    // A socket without anybody behind it.
    chmodSync(at("sockets"), 0o777);
    const dead = createServer().listen(at("sockets/dead.sock"));
    await new Promise((resolve) => dead.once("listening", resolve));
    renameSync(at("sockets/dead.sock"), at("sockets/helper.sock"));
    dead.close();
    chmodSync(at("sockets"), 0o750);
    await start();
    expect(facts("sockets")).toEqual([0, WEB.gid, "750"]);
  });

  it.each<[string, string, () => void]>([
    ["no helper.json", "helper.json is not there", () => rmSync(at("helper/helper.json"))],
    [
      "one that others can write",
      "can be written by others",
      () => chmodSync(at("helper/helper.json"), 0o666),
    ],
    [
      "one of somebody else",
      "belongs to user 1",
      () => chownSync(at("helper/helper.json"), WEB.uid, WEB.gid),
    ],
    [
      "a folder of it that the group can write",
      "can be written by others",
      () => chmodSync(at("helper"), 0o770),
    ],
    ["a configuration of somebody else", "belongs to user 1", () => chownSync(at("etc"), WEB.uid, WEB.gid)],
    [
      "generated files of somebody else",
      "belongs to user 1",
      () => chownSync(at("etc/portcullis"), WEB.uid, 0),
    ],
    [
      "a link into somebody else's folder",
      "belongs to user 1",
      () => {
        mkdirSync(at("theirs"));
        chownSync(at("theirs"), WEB.uid, WEB.gid);
        rmSync(at("staging"), { recursive: true });
        symlinkSync(at("theirs"), at("staging"));
      },
    ],
    ["a folder above that others can write", "can be written by others", () => chmodSync(folder, 0o777)],
    [
      "a socket's folder of somebody else",
      "belongs to user 1",
      () => {
        mkdirSync(at("sockets"));
        chownSync(at("sockets"), WEB.uid, WEB.gid);
      },
    ],
    [
      "a file where the socket should be",
      "is no socket",
      () => {
        mkdirSync(at("sockets"));
        writeFileSync(at("sockets/helper.sock"), "");
      },
    ],
    ["an unknown field", "Unrecognized key", () => configure({ run: "/bin/sh" })],
    ["a path with a blank", "must be an absolute path", () => configure({ socket: "/run/a b" })],
  ])("refuses %s", async (_, sentence, spoil) => {
    spoil();
    await expect(start()).rejects.toThrow(sentence);
  });
});
