import { lstatSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { problemOf } from "../../config/problem.ts";
import { reportSource } from "../../config/rules/check-bind-settings.ts";
import {
  type BindGround,
  credentialNames,
  judgeBindSource,
  type SourceRefusal,
  systemPaths,
} from "../../config/rules/judge-bind-source.ts";
import type { BindSetting, SandboxConfig, Sourced } from "../../config/sandbox-config.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { describeFileProblem, toFileProblem } from "../../host/file-problem.ts";
import { describeType } from "../../host/read-regular-file.ts";
import { followLinks } from "./follow-links.ts";

/** A configured mount whose source was looked at. */
export interface CheckedBind extends BindSetting {
  /** Without links, when it was looked at: what to mount. */
  readonly source: string;
}

export interface CheckedBinds {
  /** Those that may be mounted. */
  readonly binds: readonly CheckedBind[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Judges the sources of configured mounts where they are: through every link, by what they really are under whatever
 * name (another mount of the same folder, another letter case), and by what lies in them. For when settings are loaded,
 * and again right before a container is made: what was a folder then may be a link now.
 */
export function checkBinds(
  binds: readonly Sourced<BindSetting>[],
  config: SandboxConfig,
  ground: BindGround,
): CheckedBinds {
  // Nothing to be judged: then a look around would be in vain, and is taken at every use of a sandbox.
  if (binds.length === 0) return { binds: [], diagnostics: [] };
  const known = lookAround(ground);
  const checked = binds.map((bind) => checkBind(bind, config, known));
  return {
    binds: checked.flatMap(({ bind }) => (bind === null ? [] : [bind])),
    diagnostics: checked.flatMap(({ diagnostics }) => diagnostics),
  };
}

interface CheckedOne {
  readonly bind: CheckedBind | null;
  readonly diagnostics: readonly Diagnostic[];
}

function checkBind(bind: Sourced<BindSetting>, config: SandboxConfig, known: KnownPlaces): CheckedOne {
  const followed = followLinks(bind.value.source);
  if (!followed.ok) {
    const why = describeFileProblem(followed.problem);
    return { bind: null, diagnostics: [missing(bind, why, followed.problem.kind === "missing")] };
  }
  const real = judgeBindSource(followed.real, known.ground);
  const passed = followed.passed.map((path) => judgeBindSource(path, known.ground));
  const refusal =
    [real, ...passed].find((one) => one?.kind === "never") ?? judgeOnDisk(followed.real, known) ?? real;
  const diagnostics =
    refusal === null ? [] : reportSource(bind, explain(refusal, bind, followed.real), config);
  return { bind: diagnostics.length > 0 ? null : { ...bind.value, source: followed.real }, diagnostics };
}

/** Says where a link leads. */
function explain(refusal: SourceRefusal, { value }: Sourced<BindSetting>, real: string): SourceRefusal {
  if (real === value.source) return refusal;
  return { ...refusal, why: `it leads to ${quoteValue(real)}, and ${refusal.why}` };
}

function missing({ value, origin }: Sourced<BindSetting>, why: string, isMissing: boolean): Diagnostic {
  return problemOf(origin, {
    code: isMissing ? "CONFIG_BIND_MISSING" : "CONFIG_BIND_REFUSED",
    severity: "error",
    what: `mounts ${quoteValue(value.source)}: ${why}`,
    hint: "Make it, or take the mount out. The engine itself would make a folder of root's there.",
  });
}

interface KnownPlaces {
  readonly ground: BindGround;
  /** What no source may be or lie in, by identity. */
  readonly closed: ReadonlyMap<string, string>;
  /** What no source may be, since one of those lies in it. */
  readonly holders: ReadonlyMap<string, string>;
}

/** The ground without links, and what every forbidden place is, whichever names lead to it. */
function lookAround(ground: BindGround): KnownPlaces {
  const real: BindGround = {
    homeDir: realPath(ground.homeDir),
    stateDir: realPath(ground.stateDir),
    workspaceRoot: realPath(ground.workspaceRoot),
    agentWorkspace: realPath(ground.agentWorkspace),
  };
  const logins = [...credentialNames].map((name) => join(real.homeDir, name));
  const closed = [...systemPaths, ...logins];
  const held = [...closed, real.stateDir, real.workspaceRoot];
  return {
    ground: real,
    closed: byIdentity(closed),
    holders: byIdentity([...held, ...held.flatMap(foldersAbove)]),
  };
}

/** As it is where nothing is there yet. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    toFileProblem(error);
    return path;
  }
}

function byIdentity(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.flatMap((path) => identityOf(path).map((identity) => [identity, path] as const)));
}

/** Device and inode; none where nothing is, or nothing that this user may see. */
function identityOf(path: string): readonly string[] {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return [`${dev}:${ino}`];
  } catch (error) {
    toFileProblem(error);
    return [];
  }
}

/** Up to the root, which is included. */
function foldersAbove(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...foldersAbove(above)];
}

function judgeOnDisk(real: string, known: KnownPlaces): SourceRefusal | null {
  const never = (why: string): SourceRefusal => ({ kind: "never", why });
  const [own] = identityOf(real).map((identity) => known.holders.get(identity));
  if (own !== undefined) return never(`it is the same as ${own}, or holds what no sandbox may see`);
  for (const path of [real, ...foldersAbove(real)].filter((one) => one !== "/")) {
    const [closed] = identityOf(path).map((identity) => known.closed.get(identity));
    if (closed !== undefined) return never(`it lies in ${closed} under another name`);
  }
  return judgeContent(real, never);
}

/** Names that are in homes and nowhere else. */
const homeNames = [".ssh", ".aws", ".gnupg", ".netrc"];
const socketNames = ["docker.sock", "podman.sock", "containerd.sock", "crio.sock", "buildkitd.sock"];

function judgeContent(real: string, never: (why: string) => SourceRefusal): SourceRefusal | null {
  const stats = lstatSync(real, { throwIfNoEntry: false });
  if (stats === undefined) return never("it has just gone");
  if (stats.isFile()) return null;
  if (!stats.isDirectory()) return never(`it is ${describeType(stats)}, a way out of the sandbox`);
  const socket = socketNames.find((name) => isThere(join(real, name)));
  if (socket !== undefined) return never(`an engine's socket, ${socket}, lies in it`);
  const login = homeNames.find((name) => isThere(join(real, name)));
  return login === undefined ? null : never(`it is a home: programs keep logins in its ${login}`);
}

function isThere(path: string): boolean {
  return identityOf(path).length > 0;
}
