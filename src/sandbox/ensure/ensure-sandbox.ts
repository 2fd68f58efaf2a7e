import { mkdirSync, realpathSync } from "node:fs";
import type { BindGround } from "../../config/rules/judge-bind-source.ts";
import type { SandboxConfig } from "../../config/sandbox-config.ts";
import type { Session } from "../../config/session/session.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { stateFailure } from "../../host/state-failure.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import { type CheckedBind, checkBinds } from "../config/check-binds.ts";
import { ensureContainer } from "../container/ensure-container.ts";
import type { Home } from "../home/home-request.ts";
import { prepareHome } from "../home/prepare-home.ts";
import type { HostPaths } from "../host-paths/create-host-paths.ts";
import { mirrorSkills } from "../mirror-skills.ts";
import type { MirroredSkills } from "../mirror-skills-request.ts";
import { type PreparedMounts, prepareMounts } from "../prepare-mounts.ts";
import type { SandboxMount } from "../sandbox-mount.ts";
import { type ScopeFolder, scopeFolder } from "../scope-folder.ts";
import { chooseUser } from "./choose-user.ts";
import { containerAllowances, valuesOf } from "./container-settings.ts";
import { findImage } from "./find-image.ts";
import { makeMirrorFolder } from "./make-mirror-folder.ts";
import { planSandbox } from "./plan-sandbox.ts";
import type { Sandbox, SandboxGround, SandboxRequest } from "./sandbox-request.ts";

/**
 * Gives a session its sandbox: the skills mirrored, the home made, the container running. Where nothing has changed since
 * the last time that is two questions to the engine and a look at the disk.
 *
 * Throws `IMAGE_NOT_FOUND` with the command that builds it; `INPUT_INVALID` for an agent's workspace that a sandbox could
 * not write, and for settings that would open it; and what `mirrorSkills`, `prepareHome` and `ensureContainer` throw.
 */
export async function ensureSandbox(request: SandboxRequest, ground: SandboxGround): Promise<Sandbox> {
  const { config, session, signal } = request;
  throwIfCancelled(signal);
  const root = findOrMakeRoot(config.workspaceRoot.value);
  const isRw = session.workspaceAccess.value === "rw";
  const user = chooseUser(config, isRw, scopeFolder(root, session.scope));
  const mounts = prepareMounts({
    scope: session.scope,
    workspaceRoot: root,
    workspaceAccess: session.workspaceAccess.value,
    agentWorkspaceDir: config.agentWorkspace.value,
    sandboxUser: user,
  });
  await makeMirrorFolder(mounts.skillsDir, mounts.folder.recordsDir, signal);
  // Skills appear in a container that runs: an engine takes longer to start one than a mirror to be written.
  const [skills, container] = await bothOf(
    mirror(request, user, ground),
    makeContainer(request, { ...mounts, user }, ground),
  );
  return { ...container, folder: mounts.folder, user, skills };
}

/** Waits for both; where one fails, what the other has is given back. */
async function bothOf<Skills, Container extends { release(): void }>(
  mirroring: Promise<Skills>,
  making: Promise<Container>,
): Promise<readonly [Skills, Container]> {
  const [skills, container] = await Promise.allSettled([mirroring, making]);
  if (skills.status === "fulfilled" && container.status === "fulfilled")
    return [skills.value, container.value];
  if (container.status === "fulfilled") container.value.release();
  throw container.status === "rejected" ? container.reason : (skills as PromiseRejectedResult).reason;
}

/** A sandbox but for its skills. */
async function makeContainer(
  request: SandboxRequest,
  { folder, mounts: ofWorkspace, user, diagnostics }: PreparedMounts & { readonly user: Owner },
  ground: SandboxGround,
): Promise<Omit<Sandbox, "folder" | "user" | "skills">> {
  const { config, session, signal } = request;
  const [image, facts, home] = await Promise.all([
    findImage(config, ground.engine, signal),
    ground.facts(),
    makeHome(request, user),
  ]);
  const bindGround = bindGroundOf(config, ground);
  const mounts = await onEngine([...ofWorkspace, ...home.mounts], folder, ground.hostPaths, image.id, signal);
  const { plan, environment } = planSandbox({
    ...{ config, session, facts, image, folder, user, mounts, home },
    owner: ground.owner,
    product: ground.engine.info.product,
    binds: judgeBinds(config, bindGround),
  });
  const sources = mounts.map(({ source }) => source);
  const ensured = await ensureContainer({
    engine: ground.engine,
    plan,
    recordsDir: folder.recordsDir,
    allowances: containerAllowances(config, sources, bindGround, facts),
    uses: ground.uses,
    ...(ground.onEvent === undefined ? {} : { onEvent: ground.onEvent }),
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    ...ensured,
    ...{ name: plan.name, plan, home },
    diagnostics: [...diagnostics, ...environment.diagnostics, ...home.diagnostics],
    [Symbol.asyncDispose]: async () => ensured.release(),
  };
}

/** Links in its path are the operator's own; what is mounted has none. */
function findOrMakeRoot(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return realpathSync.native(path);
  } catch (error) {
    throw stateFailure("make sandboxes in", path, error);
  }
}

function mirror(
  { config, session, skills, signal }: SandboxRequest,
  sandboxUser: Owner,
  { cache }: SandboxGround,
): Promise<MirroredSkills> {
  return mirrorSkills({
    scope: session.scope,
    workspaceRoot: config.workspaceRoot.value,
    workspaceAccess: session.workspaceAccess.value,
    sources: { ...skills.sources, workspaceDir: config.agentWorkspace.value },
    choice: skills.choice,
    sandboxUser,
    cache,
    ...(signal === undefined ? {} : { signal }),
  });
}

function makeHome(request: SandboxRequest, sandboxUser: Owner): Promise<Home> {
  const { config, session, templates, imports, importFrom, signal } = request;
  return prepareHome({
    workspaceRoot: config.workspaceRoot.value,
    scope: session.scope,
    workspaceAccess: session.workspaceAccess.value,
    agentWorkspaceDir: config.agentWorkspace.value,
    sandboxUser,
    dockerEnv: valuesOf(config.docker.env),
    use: {
      agent: session.agentId,
      session: session.key,
      dmScope: session.dmScope,
      ...mainKeyOf(session),
    },
    ...(templates === undefined ? {} : { templates }),
    ...(imports === undefined ? {} : { imports }),
    ...(importFrom === undefined ? {} : { importFrom }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** As the engine has them. Configured mounts are written for the engine as they are. */
async function onEngine(
  mounts: readonly SandboxMount[],
  { dir }: ScopeFolder,
  { toEngine }: HostPaths,
  image: string,
  signal: AbortSignal | undefined,
): Promise<readonly SandboxMount[]> {
  // A folder first: by it the mount is proven that the scope's files are on too.
  await toEngine(dir, image, signal);
  return Promise.all(
    mounts.map(async (mount) => ({ ...mount, source: await toEngine(mount.source, image, signal) })),
  );
}

function bindGroundOf(
  { workspaceRoot, agentWorkspace }: SandboxConfig,
  { stateDir, homeDir }: SandboxGround,
): BindGround {
  return { stateDir, homeDir, workspaceRoot: workspaceRoot.value, agentWorkspace: agentWorkspace.value };
}

/** The first of its names is the configured one, as `agent:ID:NAME`. */
function mainKeyOf({ agentId, mainKeys: [first = ""] }: Session): { readonly mainKey?: string } {
  const mainKey = first.slice(`agent:${agentId}:`.length);
  return mainKey === "" ? {} : { mainKey };
}

/** Looked at again now: what was a folder when the configuration was read may be a link by now. */
function judgeBinds(config: SandboxConfig, ground: BindGround): readonly CheckedBind[] {
  const { binds, diagnostics } = checkBinds(config.docker.binds, config, ground);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return binds;
  throw new SkillcrateError("INPUT_INVALID", "A configured mount is refused.", {
    hint: "Correct what is named.",
    diagnostics: errors,
  });
}
