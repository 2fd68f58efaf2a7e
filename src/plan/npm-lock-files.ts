import { compareText } from "../diagnostic/compare-text.ts";
import type { LockedNpmPackage, NpmLock } from "./part-lock.ts";

/** The two files from which `npm ci` makes a tree, as texts. */
export interface NpmLockFiles {
  readonly packageJson: string;
  /** Each `resolved` begins with {@link registryPlace}. */
  readonly packageLock: string;
}

/** Stands for the address of whichever registry is in use, with a slash at its end. */
export const registryPlace = "registry:/";

/**
 * A project that needs what stands at the top of the tree. Every package says exactly which others it finds, whatever
 * it asked for (ranges, peers, optional ones for other processors): npm then has nothing left to choose or to drop.
 */
export function npmLockFiles({ packages }: NpmLock): NpmLockFiles {
  const paths = Object.keys(packages).sort(compareText);
  const top = paths.filter((path) => folderOf(path) === "");
  const dependencies = Object.fromEntries(
    top.map((path) => [nameAt(path), specOf(nameAt(path), packages[path])]),
  );
  const root = { name: "tree", version: "0.0.0", dependencies };
  const entries = paths.map((path) => [path, entryOf(path, packages)]);
  return {
    packageJson: `${JSON.stringify(root)}\n`,
    packageLock: `${JSON.stringify(
      {
        name: root.name,
        version: root.version,
        lockfileVersion: 3,
        requires: true,
        packages: { "": root, ...Object.fromEntries(entries) },
      },
      null,
      1,
    )}\n`,
  };
}

function entryOf(path: string, packages: NpmLock["packages"]): object {
  const { tarball, needs = [], ...entry } = packages[path] ?? missing(path);
  const dependencies = needs.map((name) => [name, specOf(name, find(name, path, packages))]);
  return {
    ...entry,
    resolved: `${registryPlace}${tarball}`,
    ...(dependencies.length === 0 ? {} : { dependencies: Object.fromEntries(dependencies) }),
  };
}

/** As Node finds it: in the package's own folder, else in one above. */
function find(name: string, from: string, packages: NpmLock["packages"]): LockedNpmPackage | undefined {
  for (let folder = from; ; folder = folderOf(folder)) {
    const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (Object.hasOwn(packages, path)) return packages[path];
    if (folder === "") return undefined;
  }
}

function specOf(name: string, found: LockedNpmPackage | undefined): string {
  if (found === undefined) return missing(name);
  return found.name === undefined ? found.version : `npm:${found.name}@${found.version}`;
}

/** `node_modules/a/node_modules/b` → `node_modules/a`, and that → "". */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/node_modules/")));
}

function nameAt(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

function missing(path: string): never {
  throw new RangeError(`the lock has no npm package ${path}`);
}
