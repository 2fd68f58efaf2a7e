import type { ConfigDocument } from "../../config/config-document.ts";
import { bindGround } from "../../config/resolve-sandbox-config.ts";
import type { SandboxConfig } from "../../config/sandbox-config.ts";
import type { Session } from "../../config/session/session.ts";
import type { ErrorCode } from "../../diagnostic/error-codes.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ContainerDetails } from "../../engine/sandbox/sandbox-port.ts";
import { asDockerConfig } from "../browser/as-docker-config.ts";
import {
  type BrowserParts,
  browserPaths,
  hasWebProxy,
  isMadeUnsandboxed,
  planBrowser,
} from "../browser/plan-browser.ts";
import { checkBinds } from "../config/check-binds.ts";
import type { ContainerPlan } from "../container/container-plan.ts";
import { containerLabels } from "../container/container-plan.ts";
import { readContainerLabels } from "../container/read-container-labels.ts";
import { bindsOnEngine } from "../ensure/binds-on-engine.ts";
import { chooseUser } from "../ensure/choose-user.ts";
import { configuredSeccomp } from "../ensure/configured-seccomp.ts";
import { confineConfig } from "../ensure/confine-config.ts";
import { valuesOf } from "../ensure/container-settings.ts";
import { planSandbox } from "../ensure/plan-sandbox.ts";
import { homeEnvironment } from "../home/home-environment.ts";
import { isBelow, resolveHomePaths } from "../home/home-paths.ts";
import { runtimeTmpfs } from "../home/runtime-tmpfs.ts";
import { createHostPaths, readOwnContainerId } from "../host-paths/create-host-paths.ts";
import type { GatewaySandboxes } from "../life/find-sandboxes.ts";
import { poolScope } from "../pool/pool-entry.ts";
import { scopeFolder } from "../scope-folder.ts";
import { explainContainer } from "./explain-container.ts";

/** A sandbox's container, or its browser's, that is there, and what it was made of. */
export interface ExistingSandbox {
  readonly document: ConfigDocument;
  readonly config: SandboxConfig;
  readonly session: Session;
  readonly gateway: GatewaySandboxes;
  readonly details: ContainerDetails;
}

/**
 * What would be made now in the place of a container, without making anything: the mounts of the scope's own folders are taken
 * from the container, since their places do not change, and everything else from the settings and the image. Null where it
 * cannot be planned: its image is gone, or its settings are refused.
 */
export async function planExisting(
  existing: ExistingSandbox,
  signal: AbortSignal,
): Promise<ContainerPlan | null> {
  const isBrowser = readContainerLabels(existing.details.labels)?.role === "browser";
  try {
    return await (isBrowser ? planAsBrowser(existing, signal) : planAsSandbox(existing, signal));
  } catch (error) {
    if (error instanceof SkillcrateError && refusals.includes(error.code)) return null;
    throw error;
  }
}

const refusals: readonly ErrorCode[] = ["INPUT_INVALID", "HOST_PATH_UNKNOWN"];

async function planAsSandbox(existing: ExistingSandbox, signal: AbortSignal): Promise<ContainerPlan | null> {
  const { session, details } = existing;
  const { config } = confineConfig(existing.config, session);
  const parts = await readParts(existing, config, signal);
  if (parts === null) return null;
  const dockerEnv = valuesOf(config.docker.env);
  const { paths } = resolveHomePaths(dockerEnv, parts.user.uid);
  // What was made for the pool is planned as it was: in its own name.
  const { pool = null } = readContainerLabels(details.labels) ?? {};
  const made =
    pool === null ? { session } : { session: { scope: poolScope(pool), agentId: session.agentId }, pool };
  const { plan } = planSandbox({
    ...{ ...parts, config },
    ...made,
    home: { environment: homeEnvironment(paths, dockerEnv), tmpfs: [runtimeTmpfs(paths, parts.user)] },
    seccompProfile: configuredSeccomp(config),
  });
  return plan;
}

async function planAsBrowser(existing: ExistingSandbox, signal: AbortSignal): Promise<ContainerPlan | null> {
  const { config, session } = existing;
  const parts = await readParts(existing, asDockerConfig(config), signal);
  if (parts === null) return null;
  const mounts = parts.mounts.filter(({ target }) => target !== browserPaths.web || hasWebProxy(config));
  // Whoever started it has chosen that, and no setting has.
  const unsandboxed = isMadeUnsandboxed(existing.details.inspected);
  return planBrowser({ ...parts, config, session, mounts, unsandboxed });
}

/** `config`: with the image and the mounts of this very container. Null: its image is gone. */
async function readParts(
  existing: ExistingSandbox,
  config: SandboxConfig,
  signal: AbortSignal,
): Promise<Omit<BrowserParts, "config" | "session" | "unsandboxed"> | null> {
  const { document, session, gateway, details } = existing;
  const { engine, owner, workspaceRoot } = gateway;
  const [image, facts] = await Promise.all([
    engine.images.inspect(config.docker.image.value, signal),
    engine.containers.facts(),
  ]);
  if (image === null) return null;
  const folder = scopeFolder(workspaceRoot, session.scope);
  const seenHere = bindGround(config, document);
  const hostPaths = createHostPaths({ engine, containerId: readOwnContainerId() });
  const checked = checkBinds(config.docker.binds, config, seenHere).binds;
  const { binds } = await bindsOnEngine(checked, seenHere, hostPaths, signal);
  // A gateway that runs in a container sees it elsewhere than the engine does.
  const scopeDir = details.labels[containerLabels.scopeDir] ?? folder.dir;
  return {
    ...{ owner, facts, image, binds },
    product: engine.info.product,
    folder: { dir: scopeDir },
    user: chooseUser(config, session.workspaceAccess.value === "rw", folder),
    mounts: ownMounts(details, config, [folder.dir, scopeDir]),
  };
}

/** Those that no setting asks for: their sources are the scope's, or the agent's workspace. */
function ownMounts(details: ContainerDetails, config: SandboxConfig, scopeDirs: readonly string[]) {
  const configured = new Set(config.docker.binds.map(({ value }) => value.target));
  return explainContainer(details, null).mounts.filter(({ source, target }) => {
    if (configured.has(target)) return false;
    return [...scopeDirs, config.agentWorkspace.value].some((dir) => source === dir || isBelow(source, dir));
  });
}
