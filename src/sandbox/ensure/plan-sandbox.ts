import type { SandboxConfig } from "../../config/sandbox-config.ts";
import type { Session } from "../../config/session/session.ts";
import type { EngineInfo, ImageDetails } from "../../engine/engine.ts";
import type { ContainerFacts } from "../../engine/sandbox/read-container-facts.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import type { CheckedBind } from "../config/check-binds.ts";
import type { ContainerPlan } from "../container/container-plan.ts";
import type { SeccompProfile } from "../container/container-request.ts";
import { planContainer } from "../container/plan-container.ts";
import type { Home } from "../home/home-request.ts";
import { type SandboxEnvironment, sandboxEnvironment } from "../sandbox-environment.ts";
import type { SandboxMount } from "../sandbox-mount.ts";
import type { ScopeFolder } from "../scope-folder.ts";
import { containerSettings, valuesOf } from "./container-settings.ts";

/** Everything that a sandbox's container is planned from, once its folders are there. */
export interface SandboxParts {
  readonly config: SandboxConfig;
  readonly session: Pick<Session, "scope" | "agentId">;
  /** For the pool: the entry's id. */
  readonly pool?: string;
  /** The gateway's label. */
  readonly owner: string;
  readonly product: EngineInfo["product"];
  readonly facts: ContainerFacts;
  readonly image: Pick<ImageDetails, "id" | "env">;
  readonly folder: Pick<ScopeFolder, "dir">;
  readonly user: Owner;
  /** Of the workspace, the skills and the home, as the engine has them. */
  readonly mounts: readonly Pick<SandboxMount, "source" | "target" | "readOnly">[];
  readonly home: Pick<Home, "environment" | "tmpfs">;
  /** Configured mounts, as they were judged on the disk. */
  readonly binds: readonly CheckedBind[];
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
