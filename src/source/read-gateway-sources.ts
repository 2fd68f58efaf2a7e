import { realpathSync } from "node:fs";
import { join } from "node:path";
import { resolveUserPath } from "../config/resolve-user-path.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeFileProblem, toFileProblem } from "../host/file-problem.ts";
import {
  closeFolder,
  type OpenFolder,
  type OpenFolderResult,
  openFolder,
  openFolderIn,
} from "../host/open-folder.ts";
import { createPace } from "../host/pace.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import type { SkillSource, SourceKind } from "../skill/merge-sources.ts";
import { parseSkillsSettings, type SourceLimits } from "../skill/parse-skills-settings.ts";
import type { Skill } from "../skill/skill.ts";
import { readSkillFile } from "./read-skill-file.ts";
import { walkFolders } from "./walk-folders.ts";

export interface GatewaySourcesOptions {
  /** The value of the gateway's configuration file; `undefined` where it has none. */
  readonly config: unknown;
  readonly stateDir: string;
  readonly homeDir: string;
  /** The agent's workspace; null: only what all agents share. */
  readonly workspaceDir: string | null;
  /** Where the gateway keeps the skills it comes with; null: unknown. */
  readonly bundledDir: string | null;
  /** Instead of `skills.limits` of the configuration. */
  readonly limits?: Partial<SourceLimits>;
  readonly signal?: AbortSignal;
  /** Told of every path that decides what is found, also of those where nothing is: see `takeFingerprint`. */
  readonly onLook?: (path: string) => void;
}

export interface GatewaySources {
  /** Lowest precedence first, as `mergeSources` takes them; folders that are not there are left out. */
  readonly sources: readonly SkillSource[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the skills of every folder that a gateway would look in: `skills.load.extraDirs`, the bundled ones,
 * `<state>/skills`, `~/.agents/skills`, `<workspace>/.agents/skills`, `<workspace>/skills`. Up to six levels deep, not
 * inside a skill, within the gateway's limits. Everything comes in as a value: no environment, no current folder.
 */
export async function readGatewaySources(options: GatewaySourcesOptions): Promise<GatewaySources> {
  const { settings, diagnostics: ofConfig } = parseSkillsSettings(options.config);
  const limits = { ...settings.limits, ...options.limits };
  const diagnostics: Diagnostic[] = [...ofConfig];
  const sources: SkillSource[] = [];
  for (const root of listRoots(settings.extraDirs, options, diagnostics)) {
    throwIfCancelled(options.signal);
    for (const place of placesOf(root)) options.onLook?.(place);
    const opened = openRoot(root, diagnostics);
    if (opened === null) continue;
    try {
      sources.push({
        kind: root.kind,
        root: opened.path,
        skills: await readSource(opened, limits, options, diagnostics),
      });
    } finally {
      closeFolder(opened);
    }
  }
  return { sources, diagnostics };
}

/** The folders that {@link readGatewaySources} reads, whether they are there or not. */
export function listGatewayRoots(options: GatewaySourcesOptions): readonly GatewayRoot[] {
  const { settings } = parseSkillsSettings(options.config);
  return listRoots(settings.extraDirs, options, []);
}

/** Where a gateway looks for skills of one kind. */
export interface GatewayRoot {
  readonly kind: SourceKind;
  /** May be a link, or below one. */
  readonly path: string;
  /** Names to go down from `path` without following links. */
  readonly below: readonly string[];
  /** The setting that names it; null: a place that may be empty. */
  readonly namedBy: string | null;
}

function listRoots(
  extraDirs: readonly string[],
  { stateDir, homeDir, workspaceDir, bundledDir }: GatewaySourcesOptions,
  diagnostics: Diagnostic[],
): readonly GatewayRoot[] {
  const roots: GatewayRoot[] = [];
  for (const [index, written] of extraDirs.entries()) {
    const namedBy = `skills.load.extraDirs.${index}`;
    const path = resolveUserPath(written, homeDir);
    if (path !== null) roots.push({ kind: "extra", path, below: [], namedBy });
    else {
      diagnostics.push({
        code: "GATEWAY_PATH_RELATIVE",
        severity: "warning",
        message: `${quoteValue(namedBy)} is ${quoteValue(written)}; it depends on the current folder and is not used.`,
        hint: "Write an absolute path, or one that begins with ~/.",
      });
    }
  }
  if (bundledDir !== null)
    roots.push({ kind: "bundled", path: bundledDir, below: [], namedBy: "bundled skills" });
  roots.push({ kind: "managed", path: join(stateDir, "skills"), below: [], namedBy: null });
  roots.push({ kind: "personal", path: join(homeDir, ".agents", "skills"), below: [], namedBy: null });
  if (workspaceDir !== null) {
    // A sandbox may have written here: what it made a link of must not lead the host anywhere.
    roots.push({ kind: "project", path: workspaceDir, below: [".agents", "skills"], namedBy: null });
    roots.push({ kind: "workspace", path: workspaceDir, below: ["skills"], namedBy: null });
  }
  return roots;
}

/** With the dot a link in the last place is followed. What else is in a workspace decides nothing. */
function placesOf({ path, below }: GatewayRoot): readonly string[] {
  if (below.length === 0) return [`${path}/.`];
  return below.map((_, index) => join(path, ...below.slice(0, index + 1)));
}

/** Null where there is nothing to read; said in a diagnostic unless the place is one that may be missing. */
function openRoot(root: GatewayRoot, diagnostics: Diagnostic[]): OpenFolder | null {
  const opened = openBelow(root);
  if (opened.ok) return opened.folder;
  const { problem } = opened;
  if (problem.kind === "missing" && root.namedBy === null) return null;
  const path = join(root.path, ...root.below);
  diagnostics.push({
    code: problem.kind === "missing" ? "SOURCE_MISSING" : "SOURCE_UNREADABLE",
    severity: "warning",
    message:
      `The source of skills ${quoteValue(path)} (${root.namedBy ?? root.kind}) is not used: ` +
      `${describeFileProblem(problem)}.`,
    hint:
      problem.kind === "link"
        ? "Name the folder that it leads to under skills.load.extraDirs."
        : "Make it a folder that this user can read, or take it out of the configuration.",
  });
  return null;
}

function openBelow({ path, below }: GatewayRoot): OpenFolderResult {
  let opened: OpenFolderResult;
  try {
    opened = openFolder(realpathSync(path));
  } catch (error) {
    return { ok: false, problem: toFileProblem(error) };
  }
  for (const name of below) {
    if (!opened.ok) return opened;
    const parent: OpenFolder = opened.folder;
    try {
      opened = openFolderIn(parent, name);
    } finally {
      closeFolder(parent);
    }
  }
  return opened;
}

/** Levels of folders below a source in which the reference looks for skills. */
const maxDepth = 6;

async function readSource(
  root: OpenFolder,
  limits: SourceLimits,
  { signal, onLook }: GatewaySourcesOptions,
  diagnostics: Diagnostic[],
): Promise<readonly Skill[]> {
  const skills: Skill[] = [];
  const walk = walkFolders(
    root,
    {
      maxDepth,
      maxFolders: 100_000,
      maxCandidates: limits.maxCandidatesPerRoot,
      stopAtSkill: true,
      ...(onLook === undefined ? {} : { onLook }),
    },
    diagnostics,
  );
  const pace = createPace(signal);
  for (const { folder, skillFiles } of walk) {
    if (pace.isDue()) await pace.rest();
    const [first, ...others] = skillFiles.map((entry) => entry.name);
    if (first === undefined) continue;
    if (skills.length === limits.maxSkillsLoadedPerSource) {
      diagnostics.push(skillLimitDiagnostic(root, limits.maxSkillsLoadedPerSource));
      break;
    }
    onLook?.(join(folder.path, first));
    skills.push(readSkillFile(folder, [first, ...others], limits.maxSkillFileBytes));
  }
  return skills;
}

function skillLimitDiagnostic(root: OpenFolder, limit: number): Diagnostic {
  return {
    code: "SOURCE_SKILL_LIMIT",
    severity: "warning",
    message: `The source ${quoteValue(root.path)} holds more than ${limit} skills; only the first ${limit} by path are used.`,
    hint: "Raise skills.limits.maxSkillsLoadedPerSource, or sort the skills into several sources.",
    place: { file: root.path, line: 1, column: 1 },
  };
}
