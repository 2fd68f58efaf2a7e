import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const sourceDir = fileURLToPath(new URL("../../src", import.meta.url));

/**
 * Bundles modules of `src` into one JavaScript file in `outDir`, so that a test can run them in a process of its own:
 * to kill it, or under another user. `modules` are relative to `src`. Gives the file's path; it exports all they export.
 */
export async function bundleSource(modules: readonly string[], outDir: string): Promise<string> {
  const entry = "bundled-for-a-test";
  await build({
    configFile: false,
    logLevel: "silent",
    root: sourceDir,
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? entry : null),
        load: (id) =>
          id === entry
            ? modules.map((file) => `export * from ${JSON.stringify(join(sourceDir, file))};`).join("\n")
            : null,
      },
    ],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      minify: false,
      emptyOutDir: false,
      rolldownOptions: {
        input: entry,
        output: { format: "es", entryFileNames: "source.mjs" },
      },
    },
  });
  return join(outDir, "source.mjs");
}
