import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const require = createRequire(import.meta.url);
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
        enforce: "pre",
        resolveId: (id) => {
          if (engineClients.has(id))
            return { id: pathToFileURL(require.resolve(id)).href, external: "absolute" };
          return id === entry ? entry : null;
        },
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

/** They come with compiled parts, which cannot be bundled: they stay where they are installed. */
const engineClients = new Set(["docker-modem", "dockerode"]);
