import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { isAtOrBelow } from "../rules/judge-target.ts";
import type {
  BindSetting,
  DockerConfig,
  Sourced,
  SourcedList,
  SourcedMap,
  TmpfsSetting,
  UlimitSetting,
} from "../sandbox-config.ts";

export interface ConfinedDocker {
  readonly docker: DockerConfig;
  /** What is narrower than configured; errors where nobody can say which of two settings is stricter. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The settings of a session's container, no wider than those of the session that started it: of each two the stricter one.
 * The user, the image, the environment, DNS and host names confine nothing by themselves: no user is root, and without a network
 * there is nothing that names lead to.
 */
export function confineDocker(own: DockerConfig, parent: DockerConfig): ConfinedDocker {
  const binds = own.binds.flatMap((bind) => confineBind(bind, parent.binds));
  const confined: DockerConfig = {
    ...own,
    network: own.network.value === "none" ? own.network : noneOr(own.network, parent.network),
    readOnlyRoot: own.readOnlyRoot.value ? own.readOnlyRoot : parent.readOnlyRoot,
    capDrop: joinDropped(own.capDrop, parent.capDrop),
    pidsLimit: lower(own.pidsLimit, parent.pidsLimit),
    memoryBytes: lower(own.memoryBytes, parent.memoryBytes),
    memorySwapBytes: lower(own.memorySwapBytes, parent.memorySwapBytes),
    cpus: lower(own.cpus, parent.cpus),
    ulimits: lowerUlimits(own.ulimits, parent.ulimits),
    tmpfs: { ...own.tmpfs, value: own.tmpfs.value.map((one) => confineTmpfs(one, parent.tmpfs.value)) },
    gpus: parent.gpus.value === null ? parent.gpus : own.gpus,
    runtime: own.runtime.value === null ? parent.runtime : own.runtime,
    binds,
    dangerouslyAllowReservedContainerTargets: bothAllow(
      own,
      parent,
      "dangerouslyAllowReservedContainerTargets",
    ),
    dangerouslyAllowExternalBindSources: bothAllow(own, parent, "dangerouslyAllowExternalBindSources"),
    dangerouslyAllowContainerNamespaceJoin: bothAllow(own, parent, "dangerouslyAllowContainerNamespaceJoin"),
  };
  return {
    docker: confined,
    diagnostics: [...tellNarrowed(own, confined), ...tellIncomparable(confined, parent)],
  };
}

function noneOr(own: Sourced<string>, parent: Sourced<string>): Sourced<string> {
  return parent.value === "none" ? parent : own;
}

/** Null: unlimited. */
function lower(own: Sourced<number | null>, parent: Sourced<number | null>): Sourced<number | null> {
  return (parent.value ?? Number.POSITIVE_INFINITY) < (own.value ?? Number.POSITIVE_INFINITY) ? parent : own;
}

function joinDropped(
  own: Sourced<readonly string[]>,
  parent: Sourced<readonly string[]>,
): Sourced<readonly string[]> {
  const missing = parent.value.filter((name) => !own.value.includes(name));
  if (own.value.includes("ALL") || missing.length === 0) return own;
  return parent.value.includes("ALL") ? parent : { ...own, value: [...own.value, ...missing] };
}

function lowerUlimits(
  own: SourcedMap<UlimitSetting>,
  parent: SourcedMap<UlimitSetting>,
): SourcedMap<UlimitSetting> {
  const limits = new Map<string, Sourced<UlimitSetting>>();
  for (const [name, setting] of own) {
    const { soft, hard } = parent.get(name)?.value ?? builtIn[name] ?? setting.value;
    const value = { soft: lowest(setting.value.soft, soft), hard: lowest(setting.value.hard, hard) };
    limits.set(name, { ...setting, value });
  }
  for (const [name, setting] of parent) if (!own.has(name)) limits.set(name, setting);
  return limits;
}

/** What a container has where nothing is set: see `planUlimits`. */
const builtIn: Readonly<Record<string, UlimitSetting>> = {
  core: { soft: 0, hard: 0 },
  nofile: { soft: 1024, hard: 4096 },
};

function lowest(own: number | null, parent: number | null): number | null {
  const limit = Math.min(own ?? Number.POSITIVE_INFINITY, parent ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(limit) ? limit : null;
}

function confineTmpfs(own: TmpfsSetting, parents: readonly TmpfsSetting[]): TmpfsSetting {
  const parent = parents.find(({ target }) => target === own.target);
  return parent?.noExec === true ? { ...own, noExec: true } : own;
}

/** A mount stays that the parent has too, or one that is in it; writable only where the parent's is. */
function confineBind(own: Sourced<BindSetting>, parents: SourcedList<BindSetting>): SourcedList<BindSetting> {
  const covering = parents.filter(({ value }) => isAtOrBelow(own.value.source, value.source));
  if (covering.length === 0) return [];
  const readOnly = own.value.readOnly || covering.every(({ value }) => value.readOnly);
  return [{ ...own, value: { ...own.value, readOnly } }];
}

type Allowance = Extract<keyof DockerConfig, `dangerously${string}`>;

function bothAllow(own: DockerConfig, parent: DockerConfig, name: Allowance): Sourced<boolean> {
  return parent[name].value ? own[name] : parent[name];
}

function tellNarrowed(own: DockerConfig, confined: DockerConfig): readonly Diagnostic[] {
  const keys = (Object.keys(own) as (keyof DockerConfig)[]).filter(
    (key) => JSON.stringify(plain(own[key])) !== JSON.stringify(plain(confined[key])),
  );
  if (keys.length === 0) return [];
  return [
    {
      code: "SESSION_CONFINED",
      severity: "info",
      message: `The session that started this one is confined more strictly, and so is this one: ${keys.map((key) => `docker.${key}`).join(", ")}.`,
      hint: "A session is never less confined than the one that started it.",
    },
  ];
}

/** Maps have no JSON of their own; where a value is from does not count. */
function plain(setting: DockerConfig[keyof DockerConfig]): unknown {
  if (setting instanceof Map) return [...setting].map(([name, { value }]) => [name, value]);
  return "value" in setting
    ? setting.value
    : [...(setting as SourcedList<BindSetting>)].map(({ value }) => value);
}

const comparedByName = ["network", "seccompProfile", "apparmorProfile", "runtime", "gpus"] as const;

function tellIncomparable(confined: DockerConfig, parent: DockerConfig): readonly Diagnostic[] {
  return comparedByName
    .filter((key) => !isNoWider(key, confined, parent))
    .map((key) => ({
      code: "SESSION_CONFINEMENT_UNKNOWN",
      severity: "error",
      message: `docker.${key} is ${describe(confined[key].value)} here and ${describe(parent[key].value)} for the session that started this one: which of them is stricter cannot be told.`,
      hint: `Give both agents the same docker.${key}.`,
    }));
}

function isNoWider(
  key: (typeof comparedByName)[number],
  confined: DockerConfig,
  parent: DockerConfig,
): boolean {
  const [own, other] = [confined[key].value, parent[key].value];
  if (JSON.stringify(own) === JSON.stringify(other)) return true;
  if (key === "network") return own === "none";
  // A kernel of its own is more than any engine's default.
  if (key === "runtime") return own === "runsc";
  return key === "gpus" && own === null;
}

function describe(value: unknown): string {
  return value === null
    ? "not set"
    : typeof value === "string"
      ? quoteValue(value)
      : quoteValue(JSON.stringify(value));
}
