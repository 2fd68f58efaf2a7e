import { defineConfig } from "rolldown";
import { bundledLicences } from "./scripts/build/bundled-licences.mjs";

// Both at the same depth: the package's own folder is found from there.
const output = { dir: "dist", format: "esm", entryFileNames: "[name].js" };

/**
 * Shares its dependencies with the program that it is part of, but for docker-modem, which nobody else would load without its
 * SSH client: that takes six megabytes. The last file is what a thread of it runs.
 */
const library = {
  input: {
    index: "src/index.ts",
    gateway: "src/gateway.ts",
    "mirror-worker": "src/sandbox/mirror-worker.ts",
  },
  external: (id, importer = "") =>
    isPackage(id) && id !== "docker-modem" && !importer.includes("/node_modules/"),
  plugins: [withoutSsh(), bundledLicences("LICENCES.txt")],
  output: { ...output, chunkFileNames: "chunks/[name].js" },
};

/**
 * With its dependencies inside: a command would spend most of its time on looking for some 300 small modules. What only
 * long work needs stays outside, and is loaded then.
 */
const commandLine = {
  input: { "cli/main": "src/cli/main.ts" },
  external: ["cpu-features", "dockerode", "execa", "ssh2", "tar-fs"],
  plugins: [withoutSsh(), bundledLicences("cli/LICENCES.txt")],
  // gray-matter's engine for heads in JavaScript, in whose place the parser puts a refusal.
  checks: { eval: false },
  output: { ...output, chunkFileNames: "cli/[name].js" },
};

function isPackage(id) {
  return !id.startsWith(".") && !id.startsWith("/");
}

/** docker-modem loads an SSH client whatever it connects to, and addresses that need one are refused before. */
function withoutSsh() {
  return {
    name: "without-ssh",
    load: (id) =>
      id.endsWith("/docker-modem/lib/ssh.js")
        ? 'module.exports = () => { throw new Error("ssh:// is not spoken here"); };'
        : null,
  };
}

export default defineConfig(
  [library, commandLine].map((each) => ({ platform: "node", logLevel: "warn", ...each })),
);
