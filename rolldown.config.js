import { defineConfig } from "rolldown";

// One command loads some 300 small modules; in chunks they load in a third of the time. Dependencies stay what npm
// installs.
export default defineConfig({
  input: { "cli/main": "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  logLevel: "warn",
  external: (id) => !id.startsWith(".") && !id.startsWith("/"),
  output: { dir: "dist", format: "esm", entryFileNames: "[name].js", chunkFileNames: "chunks/[name].js" },
});
