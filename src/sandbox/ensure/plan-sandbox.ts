import type { ContainerPlan } from "../container/container-plan.ts";
import type { SeccompProfile } from "../container/container-request.ts";
import { planContainer } from "../container/plan-container.ts";
import type { Home } from "../home/home-request.ts";
import { type SandboxEnvironment, sandboxEnvironment } from "../sandbox-environment.ts";
import type { ContainerParts } from "./container-parts.ts";
import { containerSettings, valuesOf } from "./container-settings.ts";

export interface SandboxParts extends ContainerParts {
  /** For the pool: the entry's id. */
  readonly pool?: string;
  readonly home: Pick<Home, "environment" | "tmpfs">;
  readonly seccompProfile: SeccompProfile;
}

/** Plans a sandbox's container. Pure. */
export function planSandbox(parts: SandboxParts): {
  readonly plan: ContainerPlan;
  readonly environment: SandboxEnvironment;
} {
  const {
    config,
    session,
    pool,
    owner,
    product,
    facts,
    image,
    folder,
    user,
    mounts,
    home,
    binds,
    seccompProfile,
  } = parts;
  const dockerEnv = valuesOf(config.docker.env);
  const environment = sandboxEnvironment({ home: home.environment, dockerEnv, secrets: null });
  const plan = planContainer({
    role: "sandbox",
    scope: session.scope,
    agentId: session.agentId,
    ownerId: owner,
    scopeDir: folder.dir,
    ...(pool === undefined ? {} : { pool }),
    image: { reference: config.docker.image.value, id: image.id, env: image.env },
    user,
    mounts,
    tmpfs: home.tmpfs,
    env: environment.env,
    command: null,
    seccompProfile,
    settings: containerSettings(config, binds),
    engine: { product, ...facts },
  });
  return { plan, environment };
}
