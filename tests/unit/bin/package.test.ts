import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { shellFiles } from "@/bin/manual";
import { controlFiles } from "@/bin/prepare/package/control.mjs";

const files: Record<string, { content: string; mode: number }> = controlFiles({
  version: "1.2.3",
  architecture: "amd64",
  size: 1000,
});

it("has control files that dpkg and a shell take", () => {
  const fields = Object.fromEntries(
    (files.control?.content ?? "")
      .split("\n")
      .flatMap((line) => /^([A-Z][\w-]+): (.*)$/.exec(line)?.slice(1, 3) ?? [])
      .reduce<[string, string][]>((pairs, text, index, all) => {
        if (index % 2 === 0) pairs.push([text, all[index + 1] ?? ""]);
        return pairs;
      }, []),
  );
  expect(fields).toMatchObject({ Package: "portcullis", Version: "1.2.3", Architecture: "amd64" });
  expect(fields.Depends).toContain("adduser");
  for (const name of ["postinst", "prerm", "postrm"]) {
    execFileSync("sh", ["-n"], { input: files[name]?.content });
    expect(files[name]).toMatchObject({
      mode: 0o755,
      content: expect.stringMatching(/^#!\/bin\/sh\nset -e\n/),
    });
    // What stands there and what its scripts do to Dovecot: nothing.
    expect(files[name]?.content).not.toMatch(/\/etc\/dovecot|dove(?:adm|cot) |(?:re)?start dovecot/);
  }
  // Data goes at a purge and at nothing else.
  expect(files.postrm?.content).toMatch(
    /if \[ "\$1" = purge \]; then\n\trm -rf \/var\/lib\/portcullis \/var\/lib\/portcullis-helper\n/,
  );
  expect(files.prerm?.content).not.toContain("rm -");
  expect(files.postinst?.content).not.toContain("rm -");
});

it("carries a unit that starts the panel, and a manual page with every command", () => {
  const folder = `${process.cwd()}/docs/examples/systemd`;
  expect(readdirSync(folder)).toContain("portcullis.service");
  expect(readFileSync(`${folder}/portcullis.service`, "utf8")).toMatch(/^User=portcullis$/m);
  const { manual, bash, zsh } = shellFiles("1.2.3");
  const text = execFileSync("man", ["--warnings", "--encoding=utf8", "--local-file", "-"], {
    input: manual,
    encoding: "utf8",
    env: { ...process.env, MANWIDTH: "200", LC_ALL: "C.UTF-8" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  for (const command of ["doctor", "backup restore <file>", "certificate renewed", "mailserver set"])
    expect(text).toContain(command);
  expect(text).toMatch(/EXIT STATUS[\s\S]*7 +what is wanted is not so/);
  execFileSync("bash", ["-n"], { input: bash });
  expect(bash).toContain("doctor");
  expect(zsh).toMatch(/^#compdef portcullis/);
});
