import { modulePathOf } from "./read-contents.mjs";
import { Entries } from "./write-table.mjs";

/** The standard library itself, and builds for debugging. */
const notForImport = /^(?:lib)?python3\.\d+(?:-(?:minimal|stdlib|dev|examples|testsuite))?$|-dbg$/;
const deepest = 3;

/**
 * Python modules by import name: top-level ones and, below namespaces and packages that several Debian packages share,
 * their parts. Feed it with every path; then ask for its lines.
 */
export class Modules {
  /** Import name → package → `{ whole, architectures }`; `whole`: it has the module's file or `__init__.py`. */
  #found = new Map();

  add(path, packages, architecture) {
    const parts = modulePathOf(path);
    if (parts === null) return;
    for (let depth = 1; depth <= Math.min(parts.length, deepest); depth += 1) {
      const name = parts.slice(0, depth).join(".");
      const givers = this.#found.get(name) ?? new Map();
      this.#found.set(name, givers);
      for (const each of packages) {
        if (notForImport.test(each)) continue;
        const giver = givers.get(each) ?? { whole: false, architectures: new Set() };
        giver.whole ||= depth === parts.length;
        givers.set(each, { ...giver, architectures: giver.architectures.add(architecture) });
      }
    }
  }

  lines() {
    const entries = new Entries();
    for (const [name, givers] of this.#found) {
      const parent = name.lastIndexOf(".") === -1 ? null : name.slice(0, name.lastIndexOf("."));
      if (parent !== null && !this.#isShared(parent)) continue;
      const whole = [...givers].filter(([, giver]) => giver.whole);
      for (const [each, giver] of whole.length > 0 ? whole : givers) {
        for (const architecture of giver.architectures) entries.add(name, each, architecture);
      }
    }
    return entries.lines(byPackage);
  }

  #isShared(name) {
    const givers = [...(this.#found.get(name)?.values() ?? [])];
    return givers.length > 1 || !givers.some((giver) => giver.whole);
  }
}

function byPackage(left, right) {
  return rank(left) - rank(right) || (left < right ? -1 : 1);
}

function rank(name) {
  return name.startsWith("python3-") ? 0 : 1;
}
