import { realpathSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../../diagnostic/compare-text.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { describeFileProblem, toFileProblem } from "../../host/file-problem.ts";
import { listEntries } from "../../host/list-entries.ts";
import { closeFolder, openFolder } from "../../host/open-folder.ts";
import { readScopeRecord, type ScopeRecord } from "../scope-record.ts";

/** A scope's folder on the host, found by looking and not by its key. */
export interface FoundScope {
  /** The folder's name: what can be read of the key, and a hash. */
  readonly slug: string;
  readonly dir: string;
  readonly recordsDir: string;
  /** Null where none can be read: the whole key is not known then. */
  readonly record: ScopeRecord | null;
}

/**
 * The folders of scopes below a workspace root, by name; whatever else is there is passed over. None where there is no
 * such root. Throws `INPUT_INVALID` for a root that cannot be read.
 */
export async function findScopes(
  workspaceRoot: string,
  signal?: AbortSignal,
): Promise<readonly FoundScope[]> {
  const root = openRoot(workspaceRoot);
  if (root === null) return [];
  try {
    const { entries } = await listEntries(root, maxScopes, signal);
    return entries
      .filter((entry) => entry.isDirectory() && slugGrammar.test(entry.name))
      .map(({ name }) => describe(join(root.path, name), name));
  } finally {
    closeFolder(root);
  }
}

/**
 * The one scope that is meant by its folder's name, its whole key, or the beginning of the folder's name. Throws
 * `HOME_NOT_FOUND` for none and for several.
 */
export async function findScope(
  workspaceRoot: string,
  name: string,
  signal?: AbortSignal,
): Promise<FoundScope> {
  const scopes = await findScopes(workspaceRoot, signal);
  const exact = scopes.filter(({ slug, record }) => slug === name || record?.key === name);
  const meant = exact.length > 0 || name === "" ? exact : scopes.filter(({ slug }) => slug.startsWith(name));
  const [first, second] = meant;
  if (first !== undefined && second === undefined) return first;
  const several = meant.map(({ slug }) => slug).sort(compareText);
  throw new SkillcrateError(
    "HOME_NOT_FOUND",
    first === undefined
      ? `No sandbox is called ${quoteValue(name)}.`
      : `${several.length} sandboxes could be meant by ${quoteValue(name)}.`,
    {
      hint:
        first === undefined
          ? "skillcrate home list"
          : `Name one of: ${several.slice(0, 10).join(", ")}${several.length > 10 ? ", …" : ""}`,
    },
  );
}

/** As `scopeSlug` makes them. */
const slugGrammar = /^(?:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?-)?[0-9a-f]{32}$/;
const maxScopes = 1_000_000;

function openRoot(workspaceRoot: string): ReturnType<typeof requireFolder> | null {
  try {
    return requireFolder(realpathSync.native(workspaceRoot));
  } catch (error) {
    if (error instanceof SkillcrateError) throw error;
    const problem = toFileProblem(error);
    if (problem.kind === "missing") return null;
    throw unreadable(workspaceRoot, describeFileProblem(problem));
  }
}

function requireFolder(path: string) {
  const opened = openFolder(path);
  if (opened.ok) return opened.folder;
  throw unreadable(path, describeFileProblem(opened.problem));
}

function unreadable(path: string, why: string): SkillcrateError {
  return new SkillcrateError(
    "INPUT_INVALID",
    `The workspace root ${quoteValue(path)} cannot be read: ${why}.`,
    {
      hint: "Name the gateway's own: --workspace-root DIR",
    },
  );
}

function describe(dir: string, slug: string): FoundScope {
  const recordsDir = join(dir, "records");
  const read = readScopeRecord(recordsDir);
  return { slug, dir, recordsDir, record: read.kind === "record" ? read.record : null };
}
