import { type FileKind, fileKind } from "./file-kind.ts";
import type { SkillFile } from "./inferred.ts";
import { type Mention, weaker } from "./mention.ts";
import { readPackageJson } from "./packages/read-package-json.ts";

/** What a skill's own files provide to each other. */
export interface LocalNames {
  /** The mention as it counts in this file; null where a file of the skill is meant. */
  judge(mention: Mention, path: string): Mention | null;
}

export function localNames(files: readonly SkillFile[]): LocalNames {
  const modules = new Map<string, ModulePlaces>();
  const packages = new Set<string>();
  const functions = new Set<string>();
  for (const { path, text } of files) {
    if (path.endsWith(".py")) addModules(path, modules);
    if (path === "package.json" || path.endsWith("/package.json"))
      packages.add(readPackageJson(text).ownName ?? "");
    if (holdsShell.has(fileKind(path))) addFunctions(text, functions);
  }
  return {
    judge: (mention, path) => {
      if (mention.kind === "node") return packages.has(mention.name) ? null : mention;
      if (mention.kind === "bin") return functions.has(mention.name) ? null : mention;
      if (mention.naming !== "module") return mention;
      const places = modules.get(mention.name.replace(/\..*$/s, ""));
      if (places === undefined) return mention;
      // Python looks beside the script; programs add folders above it, or ones for sources, to its path.
      if (places.isInSources || foldersAbove(path).some((folder) => places.folders.has(folder))) return null;
      return { ...mention, confidence: weaker(mention.confidence, "likely") };
    },
  };
}

const holdsShell: ReadonlySet<FileKind | null> = new Set<FileKind>(["shell", "plain", "markdown"]);

const shellFunction = /^[ \t]*(?:function[ \t]+)?([A-Za-z_][\w.-]{0,63})[ \t]*\(\)/gm;

/** One script or block may use the functions of another. */
function addFunctions(text: string, functions: Set<string>): void {
  for (const [, name = ""] of text.matchAll(shellFunction)) functions.add(name);
}

/** The folders that hold a module of one name. */
interface ModulePlaces {
  readonly folders: Set<string>;
  isInSources: boolean;
}

const sources = /(?:^|\/)(?:src|lib|scripts?|python|tools|bin)$/;

/** Each file, and each folder with Python in it, is a module of the folder that it lies in. */
function addModules(path: string, modules: Map<string, ModulePlaces>): void {
  const folders = foldersAbove(path);
  path
    .replace(/\.py$/, "")
    .split("/")
    .forEach((name, index) => {
      const folder = folders[index] ?? "";
      const places = modules.get(name) ?? { folders: new Set(), isInSources: false };
      places.folders.add(folder);
      places.isInSources ||= sources.test(folder);
      modules.set(name, places);
    });
}

/** From the skill's folder, which is an empty text, to the file's own. */
function foldersAbove(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index).join("/"));
}
