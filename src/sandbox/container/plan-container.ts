import { compareText } from "../../diagnostic/compare-text.ts";
import type { NetworkSpec } from "../../engine/sandbox/network-port.ts";
import { hashValue } from "../../plan/hash-value.ts";
import { containerName } from "./container-name.ts";
import {
  type ContainerBody,
  type ContainerHostConfig,
  type ContainerMount,
  type ContainerPlan,
  containerLabels,
} from "./container-plan.ts";
import type { ContainerRequest } from "./container-request.ts";
import { planTmpfs } from "./plan-tmpfs.ts";
import { planUlimits } from "./plan-ulimits.ts";

/**
 * What a sandbox's container is to be: no power, no network unless asked for, and a limit on everything that can be used
 * up. Pure; what is wrong with a plan is told by `checkContainerPlan`.
 */
export function planContainer(request: ContainerRequest): ContainerPlan {
  const { image, settings } = request;
  const name = containerName(settings.containerPrefix, request);
  const network = request.ownNetwork === true ? planNetwork(name, request) : null;
  const draft = {
    name,
    image: { reference: image.reference, id: image.id },
    body: containerBody(request, network),
    setup: settings.setup,
  };
  // Where an engine gets the profile by its path, it is still part of what was planned. What is said of a network of its
  // own is in the body too.
  const hash = hashValue({ ...draft, seccompProfile: request.seccompProfile.json });
  const Labels = { ...draft.body.Labels, [containerLabels.planHash]: hash };
  return { ...draft, hash, network, body: { ...draft.body, Labels } };
}

/** Whoever finds it without its container knows by its labels whose it was. */
function planNetwork(name: string, { role, ownerId, scope, scopeDir }: ContainerRequest): NetworkSpec {
  const labels = {
    [containerLabels.role]: role,
    [containerLabels.owner]: ownerId,
    [containerLabels.scope]: scope.kind,
    [containerLabels.scopeKey]: scope.key,
    [containerLabels.scopeDir]: scopeDir,
    [containerLabels.network]: name,
  };
  return { name, labels };
}

function containerBody(request: ContainerRequest, ownNetwork: NetworkSpec | null): ContainerBody {
  const { image, user, settings } = request;
  const [program = "sleep", ...args] = request.command ?? ["sleep", "infinity"];
  return {
    // By its id: a tag may have moved since.
    Image: image.id,
    Entrypoint: [program],
    Cmd: args,
    User: `${user.uid}:${user.gid}`,
    WorkingDir: settings.workdir,
    Env: planEnv(image.env, request.env),
    Labels: planLabels(request, ownNetwork),
    // Browsers lock their profile with it, so it has to outlive a container. Who joins a network takes its name.
    ...(joinsContainer(settings.network) ? {} : { Hostname: "sandbox" }),
    StopTimeout: stopTimeoutSeconds,
    HostConfig: hostConfig(request, ownNetwork),
  };
}

function hostConfig(request: ContainerRequest, ownNetwork: NetworkSpec | null): ContainerHostConfig {
  const { settings, engine } = request;
  // Podman does not tell which one a container has: its default cannot be compared.
  const runtime = settings.runtime ?? (engine.product === "podman" ? null : engine.defaultRuntime);
  return {
    NetworkMode: ownNetwork?.name ?? sharedNetwork(settings),
    ReadonlyRootfs: settings.readOnlyRoot,
    Init: engine.hasInit,
    Privileged: false,
    CapDrop: [...settings.capDrop].sort(compareText),
    CapAdd: [],
    SecurityOpt: securityOptions(request),
    PidsLimit: settings.pidsLimit ?? -1,
    ...planMemory(request),
    NanoCpus: settings.cpus === null ? 0 : Math.round(Math.min(settings.cpus, engine.cpus) * 1e9),
    IpcMode: "private",
    CgroupnsMode: "private",
    Ulimits: planUlimits(settings.ulimits, engine),
    Tmpfs: planTmpfs(request),
    Mounts: [...request.mounts, ...settings.binds]
      .map(toMount)
      .sort((left, right) => compareText(left.Target, right.Target)),
    LogConfig: { Type: "json-file", Config: { "max-file": "1", "max-size": "1m" } },
    RestartPolicy: { Name: "no" },
    ShmSize: settings.shmSizeBytes,
    ...(settings.dns.length > 0 ? { Dns: settings.dns } : {}),
    ...(settings.extraHosts.length > 0 ? { ExtraHosts: [...settings.extraHosts].sort(compareText) } : {}),
    ...(runtime === null ? {} : { Runtime: runtime }),
    ...(settings.gpus === null ? {} : { DeviceRequests: [deviceRequest(settings.gpus)] }),
  };
}

function securityOptions({ seccompProfile, settings, engine }: ContainerRequest): readonly string[] {
  const profile = engine.product === "podman" ? seccompProfile.path : seccompProfile.json;
  const apparmor = settings.apparmorProfile === null ? [] : [`apparmor=${settings.apparmorProfile}`];
  return ["no-new-privileges", `seccomp=${profile}`, ...apparmor];
}

/** In the engine's words 0 is no limit of memory, and -1 none of memory and swap. */
function planMemory({
  settings,
  engine,
}: ContainerRequest): Pick<ContainerHostConfig, "Memory" | "MemorySwap"> {
  const { memoryBytes, memorySwapBytes } = settings;
  const limitsSwap = engine.countsSwap && memoryBytes !== null && memorySwapBytes !== null;
  return { Memory: memoryBytes ?? 0, MemorySwap: limitsSwap ? Math.max(memorySwapBytes, memoryBytes) : -1 };
}

/** Two words for one network, of which Docker tells the second. */
function sharedNetwork({ network }: ContainerRequest["settings"]): string {
  return network === "default" ? "bridge" : network;
}

/** All of it, the image's own included, so that it can be compared with what the engine made. */
function planEnv(imageEnv: readonly string[], env: Readonly<Record<string, string>>): readonly string[] {
  const named = imageEnv.map((line) => [line.split("=", 1)[0] ?? "", line] as const);
  const own = Object.entries(env).map(([name, value]) => [name, `${name}=${value}`] as const);
  const lines = new Map([...named, ...own]);
  return [...lines].sort(([left], [right]) => compareText(left, right)).map(([, line]) => line);
}

/** The hash comes last: it is over the others too. */
function planLabels(
  request: ContainerRequest,
  ownNetwork: NetworkSpec | null,
): Readonly<Record<string, string>> {
  const { role, ownerId, scope, agentId, image, settings, scopeDir, pool } = request;
  return {
    [containerLabels.role]: role,
    [containerLabels.owner]: ownerId,
    [containerLabels.scope]: scope.kind,
    [containerLabels.scopeKey]: scope.key,
    [containerLabels.agent]: agentId ?? "",
    [containerLabels.image]: image.reference,
    [containerLabels.imageId]: image.id,
    [containerLabels.pruneIdleHours]: String(settings.pruneIdleHours),
    [containerLabels.pruneMaxAgeDays]: String(settings.pruneMaxAgeDays),
    [containerLabels.scopeDir]: scopeDir,
    ...(pool === undefined ? {} : { [containerLabels.pool]: pool }),
    ...(ownNetwork === null ? {} : { [containerLabels.network]: ownNetwork.name }),
  };
}

function toMount({ source, target, readOnly }: ContainerRequest["mounts"][number]): ContainerMount {
  return {
    Type: "bind",
    Source: source,
    Target: target,
    ReadOnly: readOnly,
    BindOptions: { Propagation: "rprivate" },
  };
}

/** As `docker run --gpus` asks for them. */
function deviceRequest(gpus: NonNullable<ContainerRequest["settings"]["gpus"]>): object {
  const Capabilities = [["gpu"]];
  if ("deviceIds" in gpus) return { Capabilities, DeviceIDs: [...gpus.deviceIds].sort(compareText) };
  return { Capabilities, Count: gpus.count === "all" ? -1 : gpus.count };
}

function joinsContainer(network: string): boolean {
  return network.startsWith("container:");
}

const stopTimeoutSeconds = 10;
