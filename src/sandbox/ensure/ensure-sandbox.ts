import { mkdirSync, realpathSync, statSync } from "node:fs";
import type { BindGround } from "../../config/rules/judge-bind-source.ts";
import type { SandboxConfig } from "../../config/sandbox-config.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ImageDetails } from "../../engine/engine.ts";
import { describeFileProblem } from "../../host/file-problem.ts";
import { parseJson } from "../../host/parse-json.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { stateFailure } from "../../host/state-failure.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import { asObject } from "../../skill/own-value.ts";
import { type CheckedBind, checkBinds } from "../config/check-binds.ts";
import type { SeccompProfile } from "../container/container-request.ts";
import { ensureContainer } from "../container/ensure-container.ts";
import { planContainer } from "../container/plan-container.ts";
import { readSeccompProfile } from "../container/read-seccomp-profile.ts";
import type { Home } from "../home/home-request.ts";
import { prepareHome } from "../home/prepare-home.ts";
import { mirrorSkills } from "../mirror-skills.ts";
import type { MirroredSkills } from "../mirror-skills-request.ts";
import { sandboxEnvironment } from "../sandbox-environment.ts";
import { chooseSandboxUser } from "../sandbox-user.ts";
import { type ScopeFolder, scopeFolder } from "../scope-folder.ts";
import { containerAllowances, containerSettings, valuesOf } from "./container-settings.ts";
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
  const folder = scopeFolder(findOrMakeRoot(config.workspaceRoot.value), session.scope);
  const user = chooseUser(config, session.workspaceAccess.value === "rw", folder);
  const [image, facts, skills, home] = await Promise.all([
    findImage(config, ground, signal),
    ground.facts(),
    mirror(request, user, ground),
    makeHome(request, user),
  ]);
  const bindGround = bindGroundOf(config, ground);
  const binds = judgeBinds(config, bindGround);
  const mounts = [...skills.mounts, ...home.mounts];
  const env = sandboxEnvironment({
    home: home.environment,
    dockerEnv: valuesOf(config.docker.env),
    secrets: null,
  });
  const plan = planContainer({
    role: "sandbox",
    scope: session.scope,
    agentId: session.agentId,
    ownerId: ground.owner,
    scopeDir: folder.dir,
    image: { reference: config.docker.image.value, id: image.id, env: image.env },
    user,
    mounts,
    tmpfs: home.tmpfs,
    env: env.env,
    command: null,
    seccompProfile: seccompProfile(config),
    settings: containerSettings(config, binds),
    engine: { product: ground.engine.info.product, ...facts, hardUlimits: {} },
  });
  const ensured = await ensureContainer({
    engine: ground.engine,
    plan,
    recordsDir: folder.recordsDir,
    allowances: containerAllowances(
      config,
      mounts.map(({ source }) => source),
      bindGround,
      facts,
    ),
    uses: ground.uses,
    ...(ground.onEvent === undefined ? {} : { onEvent: ground.onEvent }),
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    ...ensured,
    ...{ name: plan.name, plan, folder, user, skills, home },
    diagnostics: [...env.diagnostics, ...skills.diagnostics, ...home.diagnostics],
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

/** The configured one, else the owner of the workspace. Root never owns what a sandbox may write. */
function chooseUser({ docker, agentWorkspace }: SandboxConfig, isRw: boolean, folder: ScopeFolder): Owner {
  const own = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const dir = agentWorkspace.value;
  const chosen = docker.user.value;
  const user =
    chosen === null
      ? chooseSandboxUser(isRw ? dir : folder.workspaceDir, own)
      : { uid: chosen.uid, gid: chosen.gid ?? chosen.uid };
  if (!isRw || statSync(dir, { throwIfNoEntry: false })?.uid !== 0) return user;
  throw new SkillcrateError(
    "INPUT_INVALID",
    `The agent's workspace ${quoteValue(dir)} belongs to root, and a sandbox could not write there.`,
    { hint: `Give it to the sandbox's user:\nsudo chown -R ${user.uid}:${user.gid} ${quoteValue(dir)}` },
  );
}

async function findImage(
  { docker }: SandboxConfig,
  { engine }: SandboxGround,
  signal: AbortSignal | undefined,
): Promise<ImageDetails> {
  const reference = docker.image.value;
  const image = await engine.images.inspect(reference, signal);
  if (image !== null) return image;
  throw new SkillcrateError("IMAGE_NOT_FOUND", `There is no image ${quoteValue(reference)}.`, {
    hint: howToGet(reference),
  });
}

/** The command that builds an image of ours; another image never takes its place. */
function howToGet(reference: string): string {
  const match = /^(.+)-sandbox(?:-(common|browser|skills))?:(.+)$/.exec(reference);
  if (match === null) return `Fetch it: docker pull ${quoteValue(reference)}`;
  const [, prefix = "", kind = "base", tag = ""] = match;
  const tagPrefix = prefix === "openclaw" ? "" : ` --tag-prefix ${prefix}`;
  return kind === "skills"
    ? `Build it: skillcrate build --name ${tag}${tagPrefix}`
    : `Build it: skillcrate setup --only ${kind}${tagPrefix}`;
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
    use: { agent: session.agentId, session: session.key, dmScope: session.dmScope },
    ...(templates === undefined ? {} : { templates }),
    ...(imports === undefined ? {} : { imports }),
    ...(importFrom === undefined ? {} : { importFrom }),
    ...(signal === undefined ? {} : { signal }),
  });
}

function bindGroundOf(
  { workspaceRoot, agentWorkspace }: SandboxConfig,
  { stateDir, homeDir }: SandboxGround,
): BindGround {
  return { stateDir, homeDir, workspaceRoot: workspaceRoot.value, agentWorkspace: agentWorkspace.value };
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

/** The configured file, else the built-in profile. */
function seccompProfile({ docker }: SandboxConfig): SeccompProfile {
  const path = docker.seccompProfile.value;
  if (path === null) return readSeccompProfile("sandbox");
  const read = readRegularFile(path, maxProfileBytes, { followLinks: true });
  const profile = read.ok ? asObject(parseJson(read.bytes.toString("utf8"))) : null;
  if (profile !== null) return { json: JSON.stringify(profile), path };
  throw new SkillcrateError(
    "INPUT_INVALID",
    `The seccomp profile ${quoteValue(path)} cannot be used: ${read.ok ? "it is no JSON" : describeFileProblem(read.problem)}.`,
    { hint: "Correct docker.seccompProfile, or take it out: there is a built-in one." },
  );
}

const maxProfileBytes = 1_000_000;
