import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createProgram } from "@/bin/cli";
import { bashScript } from "@/bin/commands/completion/bash";
import { fishScript } from "@/bin/commands/completion/fish";
import { pointsOf } from "@/bin/commands/completion/words";
import { zshScript } from "@/bin/commands/completion/zsh";
import { settingKeys } from "@/lib/core/settings/catalogue";

const points = pointsOf(createProgram("/"));

/** What a real bash offers where the last word is being typed. It splits words at "=". */
function offered(...words: string[]): string[] {
  const script = `${bashScript(points)}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _portcullis 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script, "bash", "portcullis", ...words], { encoding: "utf8" })
    .split("\n")
    .filter(Boolean);
}

describe("completion", () => {
  it.each([
    [["mailserv"], ["mailserver"]],
    [
      ["mailserver", ""],
      [
        "get",
        "set",
        "list",
        "describe",
        "export",
        "import",
        "history",
        "show",
        "compare",
        "undo",
        "keep",
        "freeze",
      ],
    ],
    [["mailserver", "set", "tls_m"], ["tls_min_protocol="]],
    [
      ["mailserver", "set", "tls_min_protocol", "="],
      ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "default"],
    ],
    [["mailserver", "set", "pop3", "=", "of"], ["off"]],
    [["mailserver", "set", "pop3", "=", "off", "--accept"], ["--accept-warnings"]],
    [
      ["mailserver", "describe", "compress"],
      ["compress", "compress_level"],
    ],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["mailserver", "list", ""], []],
  ])("after portcullis %j", (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it("offers every setting, in every shell", () => {
    expect(offered("mailserver", "get", "")).toEqual(settingKeys);
    for (const key of settingKeys)
      for (const script of [zshScript(points), fishScript(points)]) expect(script).toContain(key);
  });
});
