import { dirname } from "node:path";
import { build, stop } from "esbuild";

/**
 * Bundles one of our TypeScript programs so that Node 20 can run it. Packages stay packages: only our own files
 * are put together.
 */
export async function bundle(root, entry, outfile) {
  await make({ ...settingsFor(root, entry), outfile, packages: "external", sourcemap: "inline" });
}

/**
 * The same with the packages inside, for a program that must start quickly: node reads one file and not hundreds. What
 * is imported late lies beside it.
 */
export async function bundleWhole(root, entry, outdir) {
  await make({ ...wholeSettings(root, entry), outdir });
}

/** The files that such a bundle is made of, relative to the checkout; nothing is written. */
export async function modulesOfWhole(root, entry) {
  const { metafile } = await make({
    ...wholeSettings(root, entry),
    outdir: root,
    write: false,
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

function wholeSettings(root, entry) {
  const settings = settingsFor(root, entry);
  return {
    ...settings,
    outExtension: { ".js": ".mjs" },
    splitting: true,
    minifyWhitespace: true,
    minifySyntax: true,
    // A native library stays where its package has it. Of the client only what opens files is needed: the rest, for
    // databases that are reached over a network, is a fifth of a second.
    external: ["libsql"],
    plugins: [wasmBeside],
    alias: { ...settings.alias, "@libsql/client": "@libsql/client/sqlite3" },
    // Packages of the older kind ask for it.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
  };
}

/** WebAssembly that a package carries as text becomes a file: reading four megabytes of text as a program takes long. */
const wasmBeside = {
  name: "wasm-beside",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^wasm-of:/ }, ({ path }) => ({
      path: path.slice("wasm-of:".length).replace(/mjs$/, "wasm"),
      namespace: "wasm",
    }));
    onLoad({ filter: /\.wasm-base64\.mjs$/, namespace: "file" }, ({ path }) => ({
      contents: `
        import { readFileSync } from "node:fs";
        import file from ${JSON.stringify(`wasm-of:${path}`)};
        export const wasm = readFileSync(new URL(file, import.meta.url));`,
      resolveDir: dirname(path),
    }));
    onLoad({ filter: /.*/, namespace: "wasm" }, async ({ path }) => {
      const { wasm } = await import(path.replace(/wasm$/, "mjs"));
      return { contents: Buffer.from(wasm, "base64"), loader: "file" };
    });
  },
};

function settingsFor(root, entry) {
  return {
    absWorkingDir: root,
    entryPoints: [`${entry}.ts`],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    alias: { "@": root },
    logLevel: "warning",
  };
}

async function make(settings) {
  const result = await build(settings);
  // It would stay as a child process for as long as we run.
  await stop();
  return result;
}
