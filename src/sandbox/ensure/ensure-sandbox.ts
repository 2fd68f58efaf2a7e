import { existsSync } from "node:fs";
import type { Session } from "../../config/session/session.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import { describeLoweredUlimits } from "../container/describe-lowered-ulimits.ts";
import { ensureContainer } from "../container/ensure-container.ts";
import type { ContainerAction } from "../container/ensure-request.ts";
import type { Home } from "../home/home-request.ts";
import { prepareHome } from "../home/prepare-home.ts";
import { mirrorSkills } from "../mirror-skills.ts";
import type { MirroredSkills } from "../mirror-skills-request.ts";
import { claimEntry } from "../pool/claim-entry.ts";
import { findPoolClaim, forgetPoolClaim } from "../pool/pool-claim.ts";
import { listWaiting } from "../pool/pool-entry.ts";
import { fitsPool, poolKey } from "../pool/pool-key.ts";
import { type PreparedMounts, prepareMounts } from "../prepare-mounts.ts";
import { scopeFolder } from "../scope-folder.ts";
import { bindsOnEngine } from "./binds-on-engine.ts";
import { chooseUser } from "./choose-user.ts";
import { configuredSeccomp } from "./configured-seccomp.ts";
import { containerAllowances, valuesOf } from "./container-settings.ts";
import { findImage } from "./find-image.ts";
import { findOrMakeRoot } from "./find-or-make-root.ts";
import { bindGroundOf, judgeBinds } from "./judge-binds.ts";
import { makeMirrorFolder } from "./make-mirror-folder.ts";
import { mountsOnEngine } from "./mounts-on-engine.ts";
import { planPooled } from "./plan-pooled.ts";
import { planSandbox, type SandboxParts } from "./plan-sandbox.ts";
import type { EnsuredSandbox, SandboxGround, SandboxRequest } from "./sandbox-request.ts";

/**
 * Gives a session its sandbox: the skills mirrored, the home made, the container running. Where nothing has changed since
 * the last time that is two questions to the engine and a look at the disk.
 *
 * Throws `IMAGE_NOT_FOUND` with the command that builds it; `INPUT_INVALID` for an agent's workspace that a sandbox could
 * not write, and for settings that would open it; and what `mirrorSkills`, `prepareHome` and `ensureContainer` throw.
 */
export async function ensureSandbox(request: SandboxRequest, ground: SandboxGround): Promise<EnsuredSandbox> {
  const { config, session, signal } = request;
  throwIfCancelled(signal);
  const root = findOrMakeRoot(config.workspaceRoot.value);
  const isRw = session.workspaceAccess.value === "rw";
  const user = chooseUser(config, isRw, scopeFolder(root, session.scope));
  if (ground.takesWaiting && fitsPool(request)) await takeWaiting(request, root, user, ground);
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
    makeContainer(request, { ...mounts, root, user }, ground),
  );
  return { ...container, folder: mounts.folder, user, skills };
}

/** Lets a new session have what waits for such a one: its folder is the session's from then on. */
async function takeWaiting(
  request: SandboxRequest,
  root: string,
  user: Owner,
  ground: SandboxGround,
): Promise<void> {
  const folder = scopeFolder(root, request.session.scope);
  if (existsSync(folder.dir) || listWaiting(root).length === 0) return;
  const [image, facts] = await Promise.all([
    findImage(request.config, ground, request.signal),
    ground.facts(),
  ]);
  throwIfCancelled(request.signal);
  claimEntry(root, folder, poolKey(request, ground, { image, facts, user }));
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

interface Prepared extends PreparedMounts {
  /** The workspace root, without links. */
  readonly root: string;
  readonly user: Owner;
}

/** A sandbox but for its skills. */
async function makeContainer(
  request: SandboxRequest,
  { root, folder, mounts: ofWorkspace, user, diagnostics }: Prepared,
  ground: SandboxGround,
): Promise<Omit<EnsuredSandbox, "folder" | "user" | "skills">> {
  const { config, session, signal } = request;
  const [image, facts, home] = await Promise.all([
    findImage(config, ground, signal),
    ground.facts(),
    makeHome(request, user),
  ]);
  const mounts = await mountsOnEngine(
    [...ofWorkspace, ...home.mounts],
    folder,
    ground.hostPaths,
    image.id,
    signal,
  );
  const seenHere = bindGroundOf(config, ground);
  const judged = judgeBinds(config, seenHere);
  const { binds, ground: bindGround } = await bindsOnEngine(judged, seenHere, ground.hostPaths, signal);
  const parts: SandboxParts = {
    ...{ config, session, facts, image, folder, user, mounts, home },
    ...(ground.pool === undefined ? {} : { pool: ground.pool }),
    owner: ground.owner,
    product: ground.engine.info.product,
    binds,
    seccompProfile: configuredSeccomp(config, ground.builtInSeccomp),
  };
  const { plan, environment } = planSandbox(parts);
  const claim = findPoolClaim(root, folder);
  const sources = mounts.map(({ source }) => source);
  const ensured = await ensureContainer({
    engine: ground.engine,
    plan,
    ...(claim === null ? {} : { pooled: planPooled(claim.id, plan.name, parts) }),
    recordsDir: folder.recordsDir,
    folders: [...ofWorkspace, ...home.mounts],
    allowances: containerAllowances(config, sources, bindGround, facts),
    uses: ground.uses,
    ...(ground.onEvent === undefined ? {} : { onEvent: ground.onEvent }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (claim !== null && isMadeAnew(ensured.action)) forgetPoolClaim(root, folder, claim.id);
  return {
    ...ensured,
    ...{ name: plan.name, home },
    diagnostics: [
      ...diagnostics,
      ...environment.diagnostics,
      ...home.diagnostics,
      ...describeLoweredUlimits(ensured.plan.body.Labels),
    ],
  };
}

/** Then from the scope's own plan. */
function isMadeAnew(action: ContainerAction): boolean {
  return action === "created" || action === "recreated";
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

/** The first of its names is the configured one, as `agent:ID:NAME`. */
function mainKeyOf({ agentId, mainKeys: [first = ""] }: Session): { readonly mainKey?: string } {
  const mainKey = first.slice(`agent:${agentId}:`.length);
  return mainKey === "" ? {} : { mainKey };
}
