import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../command.mjs";
import { during, Unready } from "../say.mjs";
import { controlFiles } from "./control.mjs";
import { writeTree } from "./tree.mjs";

const ARCHITECTURES = { x64: "amd64", arm64: "arm64" };

/** Small, in a minute or two; or larger, in seconds, for a drill. */
const PACKING = { small: ["-Zxz", "-z3"], quick: ["-Zgzip", "-z1"] };

/** Builds the .deb with dpkg-deb; needs no root. Returns its path. */
export async function buildPackage(root, folder, version, packing = "small") {
  const architecture = ARCHITECTURES[process.arch];
  if (!architecture || process.platform !== "linux")
    throw new Unready(
      `A package can be built on Linux for ${Object.values(ARCHITECTURES).join(" and ")} only.`,
    );
  if (!/^\d[A-Za-z0-9.+~]*$/.test(version))
    throw new Unready(
      `${version} can't be a package's version: digits first, then letters, digits and ".+~".`,
    );
  const tree = join(root, ".build/package");
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, "DEBIAN"), { recursive: true });
  await during("package", "putting the files together", () => writeTree(root, tree, version));
  const size = Math.ceil(bytesIn(tree) / 1024);
  for (const [name, { content, mode }] of Object.entries(controlFiles({ version, architecture, size }))) {
    writeFileSync(join(tree, "DEBIAN", name), content);
    chmodSync(join(tree, "DEBIAN", name), mode);
  }
  writeFileSync(join(tree, "DEBIAN/md5sums"), sumsOf(tree));
  const file = join(folder, `portcullis_${version}_${architecture}.deb`);
  await during("", `packing ${Math.round(size / 1024)} MB`, () =>
    command("dpkg-deb", ["--root-owner-group", ...PACKING[packing], "--build", tree, file], {
      env: {
        ...process.env,
        SOURCE_DATE_EPOCH: String(Math.floor(statSync(join(root, "package.json")).mtimeMs / 1000)),
      },
    }),
  );
  return file;
}

function bytesIn(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  return bytes;
}

/** As dpkg wants them, so that `dpkg --verify` tells a changed file. */
function sumsOf(tree) {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(tree, "DEBIAN")))
    .toSorted()
    .map(
      (path) =>
        `${createHash("md5").update(readFileSync(path)).digest("hex")}  ${path.slice(tree.length + 1)}\n`,
    )
    .join("");
}
