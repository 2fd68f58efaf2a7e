import { z } from "zod";
import { compareText } from "../diagnostic/compare-text.ts";
import type { LockedNpmPackage, NpmLock } from "./part-lock.ts";

/**
 * The lock that npm leaves in a folder that it has filled (`node_modules/.package-lock.json`, version 3), as ours. Null
 * where the text is none.
 */
export function parseNpmRecord(text: string): NpmLock | null {
  const parsed = recordSchema.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { packages } = parsed.data;
  // What comes inside another package's file has that file's digest.
  const paths = Object.keys(packages)
    .filter((path) => packages[path]?.inBundle !== true)
    .sort(compareText);
  const known = new Set(paths);
  const locked = paths.map((path): [string, LockedNpmPackage] => [
    path,
    lockEntry(path, packages[path] ?? {}, known),
  ]);
  return { kind: "npm", packages: Object.fromEntries(locked) };
}

const names = z.record(z.string(), z.unknown()).optional();
const entrySchema = z.object({
  version: z.string().optional(),
  name: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  bin: z.record(z.string(), z.string()).optional(),
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  inBundle: z.boolean().optional(),
});
const recordSchema = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), entrySchema),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function lockEntry(
  path: string,
  entry: z.output<typeof entrySchema>,
  known: ReadonlySet<string>,
): LockedNpmPackage {
  const { version = "", name, resolved, integrity = "", bin } = entry;
  const wanted = [entry.dependencies, entry.optionalDependencies, entry.peerDependencies].flatMap((list) =>
    Object.keys(list ?? {}),
  );
  const needs = [...new Set(wanted)].filter((need) => isFound(need, path, known)).sort(compareText);
  const folder = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  return {
    version,
    tarball: tarballOf(name ?? folder, version, resolved),
    integrity,
    ...(name === undefined || name === folder ? {} : { name }),
    ...(bin === undefined ? {} : { bin }),
    ...(needs.length === 0 ? {} : { needs }),
  };
}

/** Where Node looks: in the package's own folder, else in those above. */
function isFound(name: string, from: string, known: ReadonlySet<string>): boolean {
  for (
    let folder = from;
    folder !== "";
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))
  ) {
    if (known.has(`${folder}/node_modules/${name}`)) return true;
  }
  return known.has(`node_modules/${name}`);
}

/** The end of its address; where npm does not tell, what every registry calls it. */
function tarballOf(name: string, version: string, resolved: string | undefined): string {
  const at = resolved?.lastIndexOf(`/${name}/-/`) ?? -1;
  if (resolved !== undefined && at !== -1) return resolved.slice(at + 1).replace(/[?#].*$/, "");
  return `${name}/-/${name.slice(name.indexOf("/") + 1)}-${version}.tgz`;
}
