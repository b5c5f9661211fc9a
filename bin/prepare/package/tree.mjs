import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleWhole } from "../bundle.mjs";
import { loadProgram } from "../programs.mjs";
import { tracedFiles } from "./traced.mjs";

const LIBRARY = "usr/lib/portcullis";
const DOCS = "usr/share/doc/portcullis";
const UNITS = "docs/examples/systemd";
/** Of the build only what is served: no cache, no maps, no traces. */
const OF_THE_BUILD =
  /^(?!cache(?:$|\/)|build(?:$|\/)|diagnostics(?:$|\/)|types(?:$|\/)|trace)(?!.*\.(?:map|nft\.json)$)/;

/** Lays out what the package puts on a system. */
export async function writeTree(root, tree, version) {
  const at = (...parts) => join(tree, ...parts);
  const put = (path, content, mode = 0o644) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
    chmodSync(at(path), mode);
  };
  const copy = (from, to, mode = 0o644) => put(to, readFileSync(from), mode);

  copy(process.execPath, `${LIBRARY}/node`, 0o755);
  cpSync(join(root, ".next"), at(LIBRARY, ".next"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => OF_THE_BUILD.test(path.slice(join(root, ".next/").length)),
  });
  for (const path of await tracedFiles(root)) copy(join(root, path), `${LIBRARY}/${path}`);
  for (const name of ["cli", "helper", "launcher"]) await bundleWhole(root, `bin/${name}`, at(LIBRARY, name));
  cpSync(join(root, "prisma/migrations"), at(LIBRARY, "prisma/migrations"), { recursive: true });
  cpSync(join(root, "public"), at(LIBRARY, "public"), { recursive: true });
  for (const path of [
    "bin/server.mjs",
    "bin/serve/front-door.mjs",
    "bin/serve/database-reader.mjs",
    "bin/become-owner.mjs",
  ])
    copy(join(root, path), `${LIBRARY}/${path}`);
  copy(join(root, "bin/installed.mjs"), `${LIBRARY}/bin/portcullis.mjs`);
  put(`${LIBRARY}/package.json`, `${JSON.stringify({ name: "portcullis", version, type: "module" })}\n`);
  put(
    "usr/bin/portcullis",
    '#!/bin/sh\nexec /usr/lib/portcullis/node /usr/lib/portcullis/bin/portcullis.mjs "$@"\n',
    0o755,
  );
  putUnits(root, copy);
  copy(join(root, "docs/examples/portcullis.env"), "etc/portcullis/portcullis.env");
  put("usr/share/lintian/overrides/portcullis", LINTIAN_OVERRIDES);
  putDocs(root, copy, put);
  await putShellFiles(root, put, version);
  normalise(at());
}

function putUnits(root, copy) {
  for (const name of readdirSync(join(root, UNITS))) {
    const kind = name.endsWith(".conf") ? nameOfConf(name) : "usr/lib/systemd/system";
    copy(join(root, UNITS, name), `${kind}/${name}`);
  }
}

/** `portcullis.sysusers.conf` and `portcullis.tmpfiles.conf` beside the units, where somebody keeps them there. */
function nameOfConf(name) {
  return name.includes("sysusers") ? "usr/lib/sysusers.d" : "usr/lib/tmpfiles.d";
}

function putDocs(root, copy, put) {
  for (const name of ["operations.md", "adopt.md", "privilege.md", "cli.md", "monitoring.md", "hooks.md"])
    if (existsSync(join(root, "docs", name))) copy(join(root, "docs", name), `${DOCS}/${name}`);
  for (const name of ["nginx.conf", "Caddyfile", "certbot-deploy-hook", "portcullis-alerts.yml"])
    if (existsSync(join(root, "docs/examples", name)))
      copy(
        join(root, "docs/examples", name),
        `${DOCS}/examples/${name}`,
        name.includes("hook") ? 0o755 : 0o644,
      );
  put(`${DOCS}/copyright`, COPYRIGHT);
  put(`${DOCS}/changelog.gz`, gzipSync(readFileSync(join(root, "CHANGELOG.md")), { level: 9 }));
}

async function putShellFiles(root, put, version) {
  const { shellFiles } = await loadProgram(root, "bin/manual");
  const { manual, bash, zsh } = shellFiles(version);
  put("usr/share/man/man1/portcullis.1.gz", gzipSync(manual, { level: 9 }));
  put("usr/share/bash-completion/completions/portcullis", bash);
  put("usr/share/zsh/vendor-completions/_portcullis", zsh);
}

/** Whatever the umask and the checkout's modes are: files that all may read and only root may write. */
function normalise(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (entry.isFile() && !EXECUTABLE.test(path)) chmodSync(path, 0o644);
  }
}

const EXECUTABLE = /\/usr\/lib\/portcullis\/node$|\/usr\/bin\/portcullis$|\/examples\/certbot-deploy-hook$/;

/** Node as its makers build it: not stripped, with libraries of its own. */
const LINTIAN_OVERRIDES = `portcullis: embedded-library
portcullis: unstripped-binary-or-object
`;

const COPYRIGHT = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: portcullis

Files: *
Copyright: the authors of Portcullis
License: proprietary
 All rights reserved.

Files: usr/lib/portcullis/node
Copyright: Node.js contributors
License: Node
 Node.js is under the MIT licence, and carries libraries under theirs:
 https://github.com/nodejs/node/blob/main/LICENSE

Files: usr/lib/portcullis/node_modules/* usr/lib/portcullis/cli/* usr/lib/portcullis/.next/*
Copyright: their authors
License: npm
 Each package's own licence is named in its package.json.
`;
