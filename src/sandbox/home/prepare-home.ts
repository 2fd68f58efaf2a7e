import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../../diagnostic/compare-text.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { closeFolder, type OpenFolder } from "../../host/open-folder.ts";
import { stateFailure } from "../../host/state-failure.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { withLock } from "../../host/with-lock.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import { openScopeFolder } from "../open-scope-folder.ts";
import type { SandboxMount } from "../sandbox-mount.ts";
import { type ScopeFolder, scopeFolder } from "../scope-folder.ts";
import { recordScopeUse, type ScopeRecord } from "../scope-record.ts";
import { writeAccounts } from "./accounts.ts";
import { applyTemplates } from "./apply-templates.ts";
import { describeSharing } from "./describe-sharing.ts";
import { homeEnvironment } from "./home-environment.ts";
import { type HomePaths, resolveHomePaths } from "./home-paths.ts";
import { readHomeRecord, writeHomeRecord } from "./home-record.ts";
import type { Home, HomeRequest } from "./home-request.ts";
import { importLogins } from "./import-logins.ts";
import { makeHomeRoot } from "./make-home.ts";
import { makeMountPoints } from "./make-mount-points.ts";
import { readTemplates } from "./read-template.ts";
import { runtimeTmpfs } from "./runtime-tmpfs.ts";

/**
 * Makes a scope's home, or finds it as it was left, and says how it is mounted: HOME and the XDG tree, accounts for the
 * user inside, a tmpfs for XDG_RUNTIME_DIR, templates and imports. Several callers for one scope wait for each other.
 *
 * A home is an attacker's once a sandbox has run: nothing in it is trusted, no link followed, nothing there overwritten
 * that a template did not put.
 *
 * Throws `HOME_USER_REFUSED` for root or a user that this process cannot make files for, `HOME_MOUNT_BLOCKED`,
 * `SCOPE_FOREIGN`, `SCOPE_MISMATCH`, `STATE_FAILED` where the disk refuses, and `CANCELLED`.
 */
export async function prepareHome(request: HomeRequest): Promise<Home> {
  throwIfCancelled(request.signal);
  const owner = ownerFor(request.sandboxUser);
  const { paths, diagnostics } = resolveHomePaths(request.dockerEnv ?? {}, request.sandboxUser.uid);
  const { folder, scope } = openScope(request);
  try {
    const options = request.signal === undefined ? {} : { signal: request.signal };
    return await withLock(
      folder.recordsDir,
      homeLockName,
      () => prepareHoldingLock({ request, folder, scope, paths, owner }, diagnostics),
      options,
    );
  } catch (error) {
    if (error instanceof SkillcrateError || errnoOf(error) === "") throw error;
    throw stateFailure("prepare the home in", folder.dir, error);
  } finally {
    closeFolder(scope);
  }
}

/** Whoever makes or removes a scope's home holds it, in its records. */
export const homeLockName = "home";

/** Null: files that this process makes have the right owner by themselves. */
function ownerFor(user: Owner): Owner | null {
  const [uid, gid] = [process.geteuid?.() ?? user.uid, process.getegid?.() ?? user.gid];
  const refuse = (why: string, hint: string) => new SkillcrateError("HOME_USER_REFUSED", why, { hint });
  if (user.uid === 0) {
    throw refuse(
      "A sandbox does not run as root.",
      "Name another user: docker.user, or the workspace's owner.",
    );
  }
  if (uid !== 0 && uid !== user.uid) {
    throw refuse(
      `A process of uid ${uid} cannot make a home for uid ${user.uid}.`,
      `Let the sandbox run as uid ${uid}, or the gateway as root.`,
    );
  }
  return uid === user.uid && gid === user.gid ? null : user;
}

function openScope({ workspaceRoot, scope }: HomeRequest): {
  readonly folder: ScopeFolder;
  readonly scope: OpenFolder;
} {
  try {
    mkdirSync(workspaceRoot, { recursive: true, mode: 0o700 });
    // Links in its path are the operator's own; what is mounted has none.
    const root = realpathSync.native(workspaceRoot);
    const folder = scopeFolder(root, scope);
    return { folder, scope: openScopeFolder(root, folder) };
  } catch (error) {
    throw stateFailure("make sandboxes in", workspaceRoot, error);
  }
}

interface Preparation {
  readonly request: HomeRequest;
  readonly folder: ScopeFolder;
  readonly scope: OpenFolder;
  readonly paths: HomePaths;
  readonly owner: Owner | null;
}

async function prepareHoldingLock(preparation: Preparation, ofPaths: readonly Diagnostic[]): Promise<Home> {
  const { request, folder, scope, paths, owner } = preparation;
  const { use = null, sandboxUser } = request;
  const noted = recordScopeUse(folder, {
    agent: use?.agent ?? null,
    session: use?.session ?? null,
    nowMs: request.nowMs ?? Date.now(),
  });
  const diagnostics = [...ofPaths, ...noted.diagnostics];
  const written = await makeRoots(preparation, diagnostics);
  writeAccounts(scope, sandboxUser, paths.home);
  makeMountPoints(request, scope, paths, owner);
  const imports = importLogins(scope, request.imports ?? [], request.importFrom, sandboxUser, owner);
  const sharing = describeSharing(sharingInput(request, noted.record));
  return {
    dir: folder.homeDir,
    path: paths.home,
    environment: Object.assign(
      homeEnvironment(paths, request.dockerEnv ?? {}),
      ...imports.map(({ environment }) => environment),
    ),
    mounts: [...ownMounts(folder, paths), ...imports.flatMap(({ mounts }) => mounts)].sort((a, b) =>
      compareText(a.target, b.target),
    ),
    tmpfs: [runtimeTmpfs(paths, sandboxUser)],
    imports: imports.map((prepared) => prepared.import),
    sharing,
    written,
    diagnostics: [
      ...diagnostics,
      ...imports.flatMap((prepared) => prepared.diagnostics),
      ...(sharing.diagnostic === null ? [] : [sharing.diagnostic]),
    ],
  };
}

/** Gives what templates have put. */
async function makeRoots(
  { request, folder, scope, paths, owner }: Preparation,
  diagnostics: Diagnostic[],
): Promise<readonly string[]> {
  let written: readonly string[] = [];
  for (const root of paths.roots) {
    const opened = await makeHomeRoot(scope, root, owner, diagnostics, request.signal);
    try {
      if (root.folder === "home") written = await putTemplates(opened, request, folder, owner, diagnostics);
    } finally {
      closeFolder(opened);
    }
  }
  return written;
}

async function putTemplates(
  home: OpenFolder,
  { templates = [], signal }: HomeRequest,
  { recordsDir }: ScopeFolder,
  owner: Owner | null,
  diagnostics: Diagnostic[],
): Promise<readonly string[]> {
  if (templates.length === 0) return [];
  const read = await readTemplates(templates, signal);
  const before = readHomeRecord(recordsDir, diagnostics);
  const applied = await applyTemplates(home, read.files, before, owner, signal);
  if (!isSame(applied.put, before)) writeHomeRecord(recordsDir, applied.put);
  diagnostics.push(...read.diagnostics, ...applied.diagnostics);
  return applied.written;
}

function isSame(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([path, hash]) => right.get(path) === hash);
}

function sharingInput(
  { scope, use }: HomeRequest,
  record: ScopeRecord,
): Parameters<typeof describeSharing>[0] {
  return {
    scope,
    dmScope: use?.dmScope ?? null,
    sessions: record.sessions,
    ...(use?.mainKey === undefined ? {} : { mainKey: use.mainKey }),
  };
}

function ownMounts(folder: ScopeFolder, { roots }: HomePaths): readonly SandboxMount[] {
  const account = (name: string): SandboxMount => ({
    source: join(folder.accountsDir, name),
    target: `/etc/${name}`,
    readOnly: true,
    purpose: "accounts",
  });
  return [
    ...roots.map(
      (root): SandboxMount => ({
        source: join(folder.dir, root.folder),
        target: root.path,
        readOnly: false,
        purpose: "home",
      }),
    ),
    account("passwd"),
    account("group"),
  ];
}
