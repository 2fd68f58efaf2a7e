import type { BindGround } from "../../config/rules/judge-bind-source.ts";
import type { BindSetting, SandboxConfig, SourcedMap } from "../../config/sandbox-config.ts";
import type { ContainerFacts } from "../../engine/sandbox/read-container-facts.ts";
import type { ContainerAllowances, LimitName } from "../container/check-container-plan.ts";
import type { ContainerSettings } from "../container/container-request.ts";

/** An effective configuration as a container's plan takes it; `binds`: those that were judged on the disk. */
export function containerSettings(
  { docker, prune }: Pick<SandboxConfig, "docker" | "prune">,
  binds: readonly BindSetting[],
): ContainerSettings {
  const script = docker.setupCommand.value;
  return {
    containerPrefix: docker.containerPrefix.value,
    workdir: docker.workdir.value,
    readOnlyRoot: docker.readOnlyRoot.value,
    tmpfs: docker.tmpfs.value,
    network: docker.network.value,
    capDrop: docker.capDrop.value,
    pidsLimit: docker.pidsLimit.value,
    memoryBytes: docker.memoryBytes.value,
    memorySwapBytes: docker.memorySwapBytes.value,
    cpus: docker.cpus.value,
    ulimits: valuesOf(docker.ulimits),
    shmSizeBytes,
    gpus: docker.gpus.value,
    apparmorProfile: docker.apparmorProfile.value,
    runtime: docker.runtime.value,
    dns: docker.dns.value,
    extraHosts: docker.extraHosts.value,
    binds,
    // No login shell: its profile would replace the image's PATH.
    setup: script === null ? null : { command: ["/bin/sh", "-c", script], timeoutMs: setupTimeoutMs },
    pruneIdleHours: prune.idleHours.value,
    pruneMaxAgeDays: prune.maxAgeDays.value,
  };
}

/** What an effective configuration opens by name. `ownSources`: of the mounts that Skillcrate makes by itself. */
export function containerAllowances(
  { docker }: Pick<SandboxConfig, "docker">,
  ownSources: readonly string[],
  bindGround: BindGround,
  { countsSwap }: ContainerFacts,
): ContainerAllowances {
  const unlimited: readonly (readonly [LimitName, boolean])[] = [
    ["memory", docker.memoryBytes.value === null],
    ["swap", docker.memorySwapBytes.value === null || !countsSwap],
    ["pids", docker.pidsLimit.value === null],
    ["cpus", docker.cpus.value === null],
  ];
  return {
    ownSources,
    bindGround,
    reservedContainerTargets: docker.dangerouslyAllowReservedContainerTargets.value,
    externalBindSources: docker.dangerouslyAllowExternalBindSources.value,
    containerNamespaceJoin: docker.dangerouslyAllowContainerNamespaceJoin.value,
    unlimited: unlimited.filter(([, isUnlimited]) => isUnlimited).map(([name]) => name),
  };
}

export function valuesOf<Value>(map: SourcedMap<Value>): Readonly<Record<string, Value>> {
  return Object.fromEntries([...map].map(([key, { value }]) => [key, value]));
}

/** As engines give it by default; browsers need more. */
const shmSizeBytes = 64 * 1024 * 1024;
/** Packages are installed in it, over networks. */
const setupTimeoutMs = 10 * 60 * 1000;
