import { build, stop } from "esbuild";

/**
 * Bundles one of our TypeScript programs so that Node 20 can run it. Packages stay packages: only our own files
 * are put together.
 */
export async function bundle(root, entry, outfile) {
  await build({
    absWorkingDir: root,
    entryPoints: [`${entry}.ts`],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    alias: { "@": root },
    logLevel: "warning",
  });
  // It would stay as a child process for as long as we run.
  await stop();
}
