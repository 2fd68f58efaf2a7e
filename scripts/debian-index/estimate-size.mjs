import { isLeftOut, modulePathOf } from "./read-contents.mjs";

/** Counts the paths of each package; feed it with every path. */
export class PathCounts {
  #byPackage = new Map();

  add(path, packages) {
    const leftOut = isLeftOut(path);
    const isCatalog = leftOut && path.startsWith("usr/share/locale/");
    const isPython = path.endsWith(".py") && modulePathOf(path) !== null;
    for (const name of packages) {
      const counts = this.#byPackage.get(name) ?? none();
      this.#byPackage.set(name, counts);
      counts.all += 1;
      counts.letters += path.length;
      if (isCatalog) counts.catalogs += 1;
      else if (leftOut) counts.documents += 1;
      if (isPython) counts.python += 1;
    }
  }

  of(name) {
    return this.#byPackage.get(name) ?? none();
  }
}

function none() {
  return { all: 0, letters: 0, catalogs: 0, documents: 0, python: 0 };
}

// What comes closest to 800 packages that were measured: 3.5 % off in all, 10 % in the middle of them.
const kibOfCatalog = 90;
const kibOfDocument = 5;
const kibOfRounding = 0.8;

/**
 * Kilobytes (1000) that a package takes in an image, from what Debian says of it: the installed size, which counts whole
 * KiB for every file, and how many of its files images leave out or give byte code.
 */
export function estimateKilobytes(installedKib, section, { all, letters, catalogs, documents, python }) {
  const files = Math.max(all, 1);
  const leftOut = section.endsWith("doc")
    ? (installedKib * (catalogs + documents)) / files
    : catalogs * kibOfCatalog + documents * kibOfDocument;
  const kept = Math.max(installedKib - all * kibOfRounding - leftOut, installedKib * 0.02);
  const database = (2 * letters + 40 * all) / 1000;
  return Math.max(1, Math.round(kept * 1.024 * (1 + python / files) + database));
}
