import { environmentNamePattern } from "../../skill/name-grammars.ts";
import { addressKind, engineNameKind, extraHostKind } from "../kinds/address-kinds.ts";
import {
  capabilityKind,
  containerPrefixKind,
  environmentValueKind,
  gpusKind,
  imageKind,
  networkKind,
  profileKind,
  scriptKind,
  userKind,
} from "../kinds/container-kinds.ts";
import { amountKind, bytesKind, ulimitKind } from "../kinds/limit-kinds.ts";
import { listKind } from "../kinds/list-kind.ts";
import { bindKind, plainTmpfs, profilePathKind, tmpfsKind, workdirKind } from "../kinds/path-kinds.ts";
import { truthKind } from "../kinds/plain-kinds.ts";
import type { DockerConfig } from "../sandbox-config.ts";
import type { SettingsTable } from "./setting.ts";

/** Those of getrlimit(2) that engines know. */
const ulimitNames =
  /^(?:core|cpu|data|fsize|locks|memlock|msgqueue|nice|nofile|nproc|rss|rtprio|rttime|sigpending|stack)$/;

/** `sandbox.docker`: the container. Limits that the gateway leaves open are those that a sandbox for text and code does well with. */
export const dockerSettings: SettingsTable<DockerConfig> = {
  image: {
    key: "image",
    doc: "The image that containers are made of. Names of older gateways (`clawdbot-sandbox…`, `moltbot-sandbox…`) are as good as any other.",
    merge: "replace",
    kind: imageKind,
    unset: { rule: "reference", value: "openclaw-sandbox:bookworm-slim" },
  },
  containerPrefix: {
    key: "containerPrefix",
    doc: "What containers' names begin with.",
    merge: "replace",
    kind: containerPrefixKind,
    unset: { rule: "reference", value: "openclaw-sbx-" },
  },
  workdir: {
    key: "workdir",
    doc: "The folder inside in which commands start.",
    merge: "replace",
    kind: workdirKind,
    unset: { rule: "reference", value: "/workspace" },
  },
  readOnlyRoot: {
    key: "readOnlyRoot",
    doc: "Whether the image's own files are read-only inside.",
    merge: "replace",
    kind: truthKind,
    unset: { rule: "reference", value: true },
  },
  tmpfs: {
    key: "tmpfs",
    doc: "Folders in memory, lost with the container; always `nosuid` and `nodev`. Without `size=` 64 MiB, `/run` 16 MiB.",
    merge: "replace",
    kind: listKind('a list of paths inside, as in ["/tmp"]', tmpfsKind),
    unset: { rule: "reference", value: ["/tmp", "/var/tmp", "/run"].map(plainTmpfs) },
  },
  network: {
    key: "network",
    doc: "`none`, `bridge`, or the name of a network. Never the host's own; another container's only where that is allowed by name.",
    merge: "replace",
    kind: networkKind,
    unset: { rule: "reference", value: "none" },
  },
  user: {
    key: "user",
    doc: "Numbers of a user and a group, never root.",
    merge: "replace",
    kind: userKind,
    unset: { rule: "derived", words: "the owner of the workspace", derive: () => null },
  },
  capDrop: {
    key: "capDrop",
    doc: "Capabilities that are taken away.",
    merge: "replace",
    kind: listKind('a list of capabilities, as in ["ALL"]', capabilityKind),
    unset: { rule: "reference", value: ["ALL"] },
  },
  env: {
    key: "env",
    doc: "Variables of the container. They show to whoever may inspect it: secrets do not belong here. `HOME` and `XDG_*` below /workspace say where the home is made.",
    merge: "by name",
    item: environmentValueKind,
    names: { expected: "a name of letters, digits and _", pattern: environmentNamePattern },
    unset: { LANG: { rule: "reference", value: "C.UTF-8" } },
  },
  setupCommand: {
    key: "setupCommand",
    doc: "Run once in a new container. It has that container's network, its root file system and its user: with the defaults none, read-only, and not root.",
    merge: "replace",
    kind: scriptKind,
    unset: { rule: "reference", value: null },
  },
  pidsLimit: {
    key: "pidsLimit",
    doc: "Processes and threads at a time, or `unlimited`.",
    merge: "replace",
    kind: amountKind("a whole number of processes from 1 on", { least: 1, most: 4_194_304, whole: true }),
    unset: { rule: "safe", value: 256 },
  },
  memoryBytes: {
    key: "memory",
    doc: "Memory, in bytes or as in `512m`, or `unlimited`.",
    merge: "replace",
    kind: bytesKind,
    unset: { rule: "safe", value: 2 ** 30 },
  },
  memorySwapBytes: {
    key: "memorySwap",
    doc: "Memory and swap together, as engines count it, or `unlimited`.",
    merge: "replace",
    kind: bytesKind,
    unset: {
      rule: "derived",
      words: "as much as `memory`: no swap",
      derive: ({ earlier }) => earlier["memoryBytes"] as DockerConfig["memoryBytes"]["value"],
    },
  },
  cpus: {
    key: "cpus",
    doc: "Processors, or parts of one, or `unlimited`.",
    merge: "replace",
    kind: amountKind("a number of processors from 0.01 on, as in 1.5", {
      least: 0.01,
      most: 4096,
      whole: false,
    }),
    unset: { rule: "safe", value: 1 },
  },
  ulimits: {
    key: "ulimits",
    doc: "Limits of single processes by the names of getrlimit(2): a number, `soft:hard`, or an object.",
    merge: "by name",
    item: ulimitKind,
    names: { expected: "one of the limits of getrlimit(2), as in nofile", pattern: ulimitNames },
    unset: {
      core: { rule: "safe", value: { soft: 0, hard: 0 } },
      nofile: { rule: "safe", value: { soft: 1024, hard: 4096 } },
    },
  },
  gpus: {
    key: "gpus",
    doc: "GPUs that are passed through: `all`, a number, or `device=0,1`.",
    merge: "replace",
    kind: gpusKind,
    unset: { rule: "reference", value: null },
  },
  seccompProfile: {
    key: "seccompProfile",
    doc: "A file with the system calls that are let through, in place of the built-in profile. Never `unconfined`.",
    merge: "replace",
    kind: profileKind(profilePathKind),
    unset: { rule: "reference", value: null },
  },
  apparmorProfile: {
    key: "apparmorProfile",
    doc: "An AppArmor profile that the host has loaded, in place of the engine's. Never `unconfined`.",
    merge: "replace",
    kind: profileKind(engineNameKind("the name of a profile")),
    unset: { rule: "reference", value: null },
  },
  runtime: {
    key: "runtime",
    doc: "An OCI runtime that the engine knows: `runsc` is gVisor.",
    merge: "replace",
    kind: engineNameKind("the name of a runtime"),
    unset: { rule: "reference", value: null },
  },
  dns: {
    key: "dns",
    doc: "Name servers, as addresses.",
    merge: "replace",
    kind: listKind("a list of IP addresses", addressKind),
    unset: { rule: "reference", value: [] },
  },
  extraHosts: {
    key: "extraHosts",
    doc: 'Names that are known inside, as in `"host.docker.internal:host-gateway"`, by which the host is reached.',
    merge: "replace",
    kind: listKind("a list of names and addresses", extraHostKind),
    unset: { rule: "reference", value: [] },
  },
  binds: {
    key: "binds",
    doc: "Further folders and files of the host: `source:target`, read-only with `:ro`. See below for what is refused.",
    merge: "append",
    item: bindKind,
    unset: [],
  },
  dangerouslyAllowReservedContainerTargets: {
    key: "dangerouslyAllowReservedContainerTargets",
    doc: "Whether `binds` may lie over, in or above /workspace, /agent and /skills.",
    merge: "replace",
    kind: truthKind,
    unset: { rule: "reference", value: false },
  },
  dangerouslyAllowExternalBindSources: {
    key: "dangerouslyAllowExternalBindSources",
    doc: "Whether `binds` may come from outside the agent's workspace and the folder of sandboxes. What is always refused stays so.",
    merge: "replace",
    kind: truthKind,
    unset: { rule: "reference", value: false },
  },
  dangerouslyAllowContainerNamespaceJoin: {
    key: "dangerouslyAllowContainerNamespaceJoin",
    doc: "Whether `network` may be `container:NAME`.",
    merge: "replace",
    kind: truthKind,
    unset: { rule: "reference", value: false },
  },
};
