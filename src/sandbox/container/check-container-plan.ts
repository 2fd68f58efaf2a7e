import { normalize } from "node:path/posix";
import type { BindGround } from "../../config/rules/judge-bind-source.ts";
import type { DiagnosticCode } from "../../diagnostic/codes.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { checkMounts } from "./check-mounts.ts";
import { checkSecurityOptions } from "./check-security-options.ts";
import type { ContainerHostConfig, ContainerPlan } from "./container-plan.ts";

/** What a plan may do beyond the ordinary, each because somebody asked for it by name. */
export interface ContainerAllowances {
  /** Sources of the mounts that Skillcrate makes by itself: it has walked to them without following a link. */
  readonly ownSources: readonly string[];
  /** What sources of configured binds are judged by, in their spelling, links resolved; null: there are none. */
  readonly bindGround: BindGround | null;
  readonly reservedContainerTargets: boolean;
  readonly externalBindSources: boolean;
  readonly containerNamespaceJoin: boolean;
  /** Limits that are not there; `swap` also where the engine cannot count it. */
  readonly unlimited: readonly LimitName[];
}

export type LimitName = "memory" | "swap" | "pids" | "cpus";

/**
 * The last look at a plan before an engine gets it, whatever made it: all that would open the sandbox, none where it is
 * closed. What it does not know it refuses.
 */
export function checkContainerPlan(
  plan: ContainerPlan,
  allowances: ContainerAllowances,
): readonly Diagnostic[] {
  const host = plan.body.HostConfig;
  return [
    ...checkIdentity(plan),
    ...checkFields(plan),
    ...checkUser(plan.body.User),
    ...checkNamespaces(host, allowances),
    ...checkOwnNetwork(plan),
    ...checkLimits(host, allowances),
    ...checkSecurityOptions(host.SecurityOpt),
    ...checkMounts(host, allowances),
  ];
}

function checkIdentity({ name, image, body }: ContainerPlan): readonly Diagnostic[] {
  const wrong = [
    ...(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,200}$/.test(name) ? [] : [name]),
    ...(/^sha256:[0-9a-f]{64}$/.test(image.id) && body.Image === image.id ? [] : [body.Image]),
    // One in /proc can be a descriptor of the host's.
    ...(/^\/(?!(?:proc|sys|dev)(?:\/|$))/.test(normalize(body.WorkingDir)) ? [] : [body.WorkingDir]),
  ];
  return wrong.map((value) =>
    refuse(
      "CONTAINER_IDENTITY_INVALID",
      `${quoteValue(value)} cannot be a container's name, image or folder.`,
      identityHint,
    ),
  );
}

/** A field that this check does not know may open anything. */
function checkFields({ body }: ContainerPlan): readonly Diagnostic[] {
  const { Privileged, CapAdd, RestartPolicy } = body.HostConfig;
  return [
    ...Object.keys(body).filter((key) => !bodyFields.has(key)),
    ...Object.keys(body.HostConfig).filter((key) => !hostFields.has(key)),
    ...(Privileged === false ? [] : ["Privileged"]),
    ...(CapAdd.length === 0 ? [] : ["CapAdd"]),
    ...(RestartPolicy.Name === "no" ? [] : ["RestartPolicy"]),
  ].map((key) =>
    refuse(
      "CONTAINER_FIELD_REFUSED",
      `No sandbox is created with ${quoteValue(key)} set like this.`,
      bugHint,
    ),
  );
}

function checkUser(user: string): readonly Diagnostic[] {
  // The highest number means "no change" to the kernel.
  const ids = /^(\d{1,10}):(\d{1,10})$/.exec(user)?.slice(1).map(Number) ?? [];
  if (ids.length === 2 && ids.every((id) => id > 0 && id < 0xffff_ffff)) return [];
  const message = `A sandbox does not run as ${quoteValue(user)}: it takes a user's and a group's number, neither root's.`;
  return [
    refuse(
      "CONTAINER_USER_REFUSED",
      message,
      "Give the workspace to another user, or set docker.user to UID:GID.",
    ),
  ];
}

function checkNamespaces(host: ContainerHostConfig, allowances: ContainerAllowances): readonly Diagnostic[] {
  const refused = (value: string, what: string, hint: string) =>
    refuse(
      "CONTAINER_NAMESPACE_REFUSED",
      `A sandbox has ${what} of its own, not ${quoteValue(value)}.`,
      hint,
    );
  const network = host.NetworkMode.trim().toLowerCase();
  const joins = network.startsWith("container:");
  return [
    ...(network === "host" || network === "" || network === "default" || network.startsWith("ns:")
      ? [refused(host.NetworkMode, "a network", "Use none, bridge, or a network's name.")]
      : []),
    ...(joins && !allowances.containerNamespaceJoin
      ? [
          refused(
            host.NetworkMode,
            "a network",
            "Set docker.dangerouslyAllowContainerNamespaceJoin to allow it.",
          ),
        ]
      : []),
    ...(host.IpcMode === "private" ? [] : [refused(host.IpcMode, "an ipc namespace", bugHint)]),
    ...(host.CgroupnsMode === "private" ? [] : [refused(host.CgroupnsMode, "a cgroup namespace", bugHint)]),
  ];
}

function checkOwnNetwork({ name, network, body }: ContainerPlan): readonly Diagnostic[] {
  if (network === null || (network.name === name && body.HostConfig.NetworkMode === name)) return [];
  const what = `A network that is made for ${quoteValue(name)} is called like it, and joined by it.`;
  return [refuse("CONTAINER_NAMESPACE_REFUSED", what, bugHint)];
}

function checkLimits(
  { Memory, MemorySwap, PidsLimit, NanoCpus, Ulimits, LogConfig, ShmSize }: ContainerHostConfig,
  { unlimited }: ContainerAllowances,
): readonly Diagnostic[] {
  const limits: readonly (readonly [LimitName, boolean])[] = [
    ["memory", isLimit(Memory)],
    ["swap", isLimit(MemorySwap) && MemorySwap >= Memory],
    ["pids", isLimit(PidsLimit)],
    ["cpus", isLimit(NanoCpus)],
  ];
  const missing: readonly string[] = [
    ...limits.filter(([name, isSet]) => !isSet && !unlimited.includes(name)).map(([name]) => name),
    ...["core", "nofile"].filter((name) => !Ulimits.some((limit) => limit.Name === name)),
    ...(LogConfig.Config["max-size"] === undefined ? ["log"] : []),
    ...(ShmSize === undefined || !isLimit(ShmSize) ? ["shm"] : []),
  ];
  return missing.map((name) =>
    refuse(
      "CONTAINER_UNLIMITED",
      `A sandbox has no limit of ${quoteValue(name)}.`,
      `Set a limit, or write "unlimited" where the configuration takes it.`,
    ),
  );
}

function isLimit(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function refuse(code: DiagnosticCode, message: string, hint: string): Diagnostic {
  return { code, severity: "error", message, hint };
}

const bugHint = "No setting leads here: please report it, with the command and the configuration.";
const identityHint = "Look at docker.containerPrefix, docker.workdir and docker.image.";

const bodyFields: ReadonlySet<string> = new Set<keyof ContainerPlan["body"]>([
  "Image",
  "Entrypoint",
  "Cmd",
  "User",
  "WorkingDir",
  "Env",
  "Labels",
  "Hostname",
  "StopTimeout",
  "HostConfig",
]);

const hostFields: ReadonlySet<string> = new Set<keyof ContainerHostConfig>([
  "NetworkMode",
  "ReadonlyRootfs",
  "Init",
  "Privileged",
  "CapDrop",
  "CapAdd",
  "SecurityOpt",
  "PidsLimit",
  "Memory",
  "MemorySwap",
  "NanoCpus",
  "IpcMode",
  "CgroupnsMode",
  "Ulimits",
  "Tmpfs",
  "Mounts",
  "LogConfig",
  "RestartPolicy",
  "Dns",
  "ExtraHosts",
  "Runtime",
  "ShmSize",
  "DeviceRequests",
]);
