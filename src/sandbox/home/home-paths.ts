import { posix } from "node:path";
import { compareText } from "../../diagnostic/compare-text.ts";
import type { Diagnostic, Place } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { insidePaths } from "../sandbox-mount.ts";

/** The folders of the XDG Base Directory Specification 0.8 that last. */
export const xdgNames = ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] as const;
export type XdgName = (typeof xdgNames)[number];

/** Paths inside. */
export interface HomePaths {
  readonly home: string;
  readonly xdg: Readonly<Record<XdgName, string>>;
  /** A tmpfs. */
  readonly runtimeDir: string;
  /** What is mounted: the home, then XDG folders that an operator has put beside it. None lies in another. */
  readonly roots: readonly HomeRoot[];
}

export interface HomeRoot {
  /** Its name in the scope's folder on the host, where no sandbox can put a link in its place. */
  readonly folder: string;
  readonly path: string;
  /** Folders to make in it, relative; each after the one it lies in. */
  readonly subfolders: readonly string[];
}

/** Names that the roots of a home can have in a scope's folder: see {@link HomeRoot}. */
const xdgFolders: Readonly<Record<XdgName, string>> = {
  XDG_CONFIG_HOME: "xdg-config",
  XDG_DATA_HOME: "xdg-data",
  XDG_STATE_HOME: "xdg-state",
  XDG_CACHE_HOME: "xdg-cache",
};
export const homeFolderNames: readonly string[] = ["home", ...Object.values(xdgFolders)];

/** The specification's own defaults, from HOME. */
const xdgDefaults: Readonly<Record<XdgName, string>> = {
  XDG_CONFIG_HOME: ".config",
  XDG_DATA_HOME: ".local/share",
  XDG_STATE_HOME: ".local/state",
  XDG_CACHE_HOME: ".cache",
};

/**
 * Where HOME and the XDG folders are inside: below `/workspace` as `docker.env` says, else the defaults. A value that
 * cannot be used is reported and counts as not set.
 */
export function resolveHomePaths(
  dockerEnv: Readonly<Record<string, string>>,
  uid: number,
  placeOf: (name: string) => Place | null = () => null,
): { readonly paths: HomePaths; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  /** None of `inWay` may lie in it, or be it where it ends with a slash: it would be hidden by what is mounted there. */
  const choose = (name: string, inWay: readonly string[], fallback: string): string => {
    const written = Object.hasOwn(dockerEnv, name) ? (dockerEnv[name] ?? "") : "";
    if (written === "") return fallback;
    const path = posix.normalize(written).replace(/\/$/, "");
    const why =
      whyNot(written) ?? (inWay.some((other) => isBelow(other, path)) ? "it would hide the home" : null);
    if (why === null) return path;
    diagnostics.push(refused(name, written, why, placeOf(name)));
    return fallback;
  };
  const home = choose("HOME", [], insidePaths.home);
  const chosen = xdgNames.map(
    (name) => [name, choose(name, [home], posix.join(home, xdgDefaults[name]))] as const,
  );
  const xdg = Object.fromEntries(chosen) as Record<XdgName, string>;
  const lasting = [home, ...Object.values(xdg)];
  const runtimeDir = choose(
    "XDG_RUNTIME_DIR",
    lasting.map((path) => `${path}/`),
    `/run/user/${uid}`,
  );
  return { paths: { home, xdg, runtimeDir, roots: toRoots(home, xdg, runtimeDir) }, diagnostics };
}

/** Whether `path` lies below `folder`, and is not that folder itself. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/** Null: it can be used. */
function whyNot(written: string): string | null {
  if (!written.startsWith("/")) return "it is not absolute";
  // passwd separates by colons, and has one line for a user.
  if (/\p{Cc}|:/u.test(written)) return "it has a colon or a control character";
  const path = posix.normalize(written).replace(/\/$/, "");
  if (!isBelow(path, insidePaths.workspace)) return `it does not lie below ${insidePaths.workspace}`;
  const { skills } = insidePaths;
  if (path === skills || isBelow(path, skills)) return "skills are shown there";
  if (path.length > 1000 || path.split("/").some((name) => Buffer.byteLength(name) > 255))
    return "it is too long";
  return null;
}

function refused(name: string, value: string, why: string, place: Place | null): Diagnostic {
  return {
    code: "HOME_PATH_REFUSED",
    severity: "warning",
    message: `docker.env.${name} is ${quoteValue(value)} and is not used: ${why}.`,
    hint: `Write a path below ${insidePaths.workspace}, or take it out: by default the scope has a home of its own in ${insidePaths.home}.`,
    ...(place === null ? {} : { place }),
  };
}

function toRoots(
  home: string,
  xdg: Readonly<Record<XdgName, string>>,
  runtimeDir: string,
): readonly HomeRoot[] {
  const mounted: { readonly folder: string; readonly path: string }[] = [{ folder: "home", path: home }];
  for (const name of [...xdgNames].sort((a, b) => compareText(xdg[a], xdg[b]))) {
    const path = xdg[name];
    if (mounted.some((root) => path === root.path || isBelow(path, root.path))) continue;
    mounted.push({ folder: xdgFolders[name], path });
  }
  const paths = [...Object.values(xdg), runtimeDir];
  return mounted.map((root) => ({ ...root, subfolders: foldersBelow(root.path, paths) }));
}

function foldersBelow(root: string, paths: readonly string[]): readonly string[] {
  const folders = paths
    .filter((path) => isBelow(path, root))
    .flatMap((path) => {
      const names = path.slice(root.length + 1).split("/");
      return names.map((_, index) => names.slice(0, index + 1).join("/"));
    });
  return [...new Set(folders)].sort(compareText);
}
