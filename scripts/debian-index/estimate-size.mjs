import { isLeftOut, modulePathOf } from "./read-contents.mjs";

/** Counts the paths of each package; feed it with every path. */
export class PathCounts {
  #byPackage = new Map();

  add(path, packages) {
    const leftOut = isLeftOut(path);
    const python = path.endsWith(".py") && modulePathOf(path) !== null;
    for (const name of packages) {
      const counts = this.#byPackage.get(name) ?? { all: 0, leftOut: 0, python: 0, letters: 0 };
      this.#byPackage.set(name, counts);
      counts.all += 1;
      counts.letters += path.length;
      if (leftOut) counts.leftOut += 1;
      if (python) counts.python += 1;
    }
  }

  of(name) {
    return this.#byPackage.get(name) ?? { all: 0, leftOut: 0, python: 0, letters: 0 };
  }
}

/**
 * Kilobytes (1000) that a package takes in an image, from what Debian says of it: the installed size, which counts whole
 * KiB for every file and folder, and which share of its paths is left out or gets byte code.
 */
export function estimateKilobytes(installedKib, { all, leftOut, python, letters }) {
  const share = all === 0 ? 0 : 1 / all;
  const rounding = Math.min(installedKib, all * 0.8);
  const kept = (installedKib - rounding) * 1.024 * (1 - leftOut * share * 0.8 + python * share);
  const database = (2 * letters + 40 * all) / 1000;
  return Math.max(1, Math.round(kept + database));
}
