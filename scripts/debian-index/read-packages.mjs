import { compareVersions } from "./compare-versions.mjs";
import { readLines } from "./open-apt.mjs";

const fields = new Set([
  "Package",
  "Source",
  "Version",
  "Architecture",
  "Essential",
  "Priority",
  "Section",
  "Installed-Size",
  "Pre-Depends",
  "Depends",
  "Provides",
  "Filename",
  "Size",
  "SHA256",
]);

/** The newest version of each package for one processor: name → its fields, with `suite`. */
export async function readPackages(targets, architecture) {
  const newest = new Map();
  for (const { suite, file } of targets.filter(
    (each) => each.kind === "Packages" && each.architecture === architecture,
  )) {
    for await (const stanza of readStanzas(file)) {
      const other = newest.get(stanza.Package);
      if (other === undefined || compareVersions(stanza.Version, other.Version) > 0) {
        newest.set(stanza.Package, { ...stanza, suite });
      }
    }
  }
  if (newest.size === 0) throw new Error(`no packages for ${architecture}`);
  return newest;
}

async function* readStanzas(file) {
  let stanza = {};
  for await (const line of readLines(file)) {
    if (line === "") {
      if (stanza.Package !== undefined) yield stanza;
      stanza = {};
      continue;
    }
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    if (fields.has(name)) stanza[name] = line.slice(colon + 1).trim();
  }
  if (stanza.Package !== undefined) yield stanza;
}
