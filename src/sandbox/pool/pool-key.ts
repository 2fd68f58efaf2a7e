import type { ImageDetails } from "../../engine/engine.ts";
import type { ContainerFacts } from "../../engine/sandbox/read-container-facts.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import { hashValue } from "../../plan/hash-value.ts";
import { configuredSeccomp } from "../ensure/configured-seccomp.ts";
import { valuesOf } from "../ensure/container-settings.ts";
import { bindGroundOf, judgeBinds } from "../ensure/judge-binds.ts";
import { planSandbox } from "../ensure/plan-sandbox.ts";
import type { SandboxGround, SandboxRequest } from "../ensure/sandbox-request.ts";
import { homeEnvironment } from "../home/home-environment.ts";
import { resolveHomePaths } from "../home/home-paths.ts";
import { runtimeTmpfs } from "../home/runtime-tmpfs.ts";
import { poolScope } from "./pool-entry.ts";

/** What the engine and the disk say, beside the request. */
export interface PoolFacts {
  readonly image: ImageDetails;
  readonly facts: ContainerFacts;
  readonly user: Owner;
}

/**
 * Whether a session may have a sandbox of the pool at all: those of agents, and the one that all share, are made once. What
 * is brought in from the host by a session's own wish lies in mounts that nobody else's sandbox has.
 */
export function fitsPool({ session, imports = [] }: SandboxRequest): boolean {
  return session.scope.kind === "session" && imports.length === 0;
}

/**
 * Equal for sessions whose sandboxes are made equally, but for whose they are: a hash over the plan of a container, with its
 * agent, image and settings. 64 hex digits. Throws `INPUT_INVALID` for settings that are refused.
 */
export function poolKey(
  { config, session }: SandboxRequest,
  ground: SandboxGround,
  { image, facts, user }: PoolFacts,
): string {
  const dockerEnv = valuesOf(config.docker.env);
  const { paths } = resolveHomePaths(dockerEnv, user.uid);
  const { plan } = planSandbox({
    ...{ config, facts, image, user, owner: ground.owner },
    session: { scope: poolScope(""), agentId: session.agentId },
    product: ground.engine.info.product,
    folder: { dir: config.workspaceRoot.value },
    mounts: [],
    home: { environment: homeEnvironment(paths, dockerEnv), tmpfs: [runtimeTmpfs(paths, user)] },
    binds: judgeBinds(config, bindGroundOf(config, ground)),
    seccompProfile: configuredSeccomp(config, ground.builtInSeccomp),
  });
  // Where mounts come from depends on these two, and on the entry.
  return hashValue([plan.hash, session.workspaceAccess.value, config.agentWorkspace.value]);
}
