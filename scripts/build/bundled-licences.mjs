import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Writes the licence of every package whose modules are in a bundle beside it, as those licences ask for. */
export function bundledLicences(fileName) {
  const folders = new Set();
  return {
    name: "bundled-licences",
    moduleParsed({ id }) {
      const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? [];
      if (folder !== undefined) folders.add(folder);
    },
    generateBundle() {
      const source = [...folders].map(describePackage).sort().join("\n");
      this.emitFile({ type: "asset", fileName, source });
    },
  };
}

function describePackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file));
  if (files.length === 0 && license === undefined) throw new Error(`${name} ${version} has no licence`);
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return `${[`${name} ${version} (${license})`, ...texts].join("\n\n")}\n`;
}
