import { asObject, ownValue } from "../../skill/own-value.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Podman's inspect answer in Docker's words; any other as it is. What Podman does not tell (hidden paths, the size of
 * logs) cannot be compared; what it can only tell in one way (its ipc namespaces may all be shared) counts as planned.
 */
export function podmanAsDocker(answer: Fields): Fields {
  const host = asObject(ownValue(answer, "HostConfig")) ?? {};
  if (host["Runtime"] !== "oci") return answer;
  const config = asObject(answer["Config"]) ?? {};
  const settings = asObject(answer["NetworkSettings"]) ?? {};
  const networks = asObject(settings["Networks"]) ?? {};
  return {
    ...answer,
    ...withoutInit(answer),
    Config: { ...config, Env: withoutOwnEnv(config) },
    HostConfig: {
      ...hostInDockersWords(host, list(answer["Mounts"])),
      NetworkMode: networkMode(networks, host["NetworkMode"]),
    },
    NetworkSettings: { ...settings, Networks: networksByMode(networks, host["NetworkMode"]) },
  };
}

/** Docker does not tell the init program that it starts before the container's own. */
function withoutInit({ Path, Args }: Fields): Fields {
  const isInit = Path === "/run/podman-init" && Array.isArray(Args) && Args[0] === "--";
  return isInit ? { Path: Args[1], Args: Args.slice(2) } : {};
}

function hostInDockersWords(host: Fields, mounts: readonly Fields[]): Fields {
  const { Runtime: _runtime, CpuPeriod, CpuQuota, MaskedPaths, ReadonlyPaths, Binds, ...others } = host;
  const ofCpus = Number(CpuQuota) / Number(CpuPeriod) === Number(host["NanoCpus"]) / 1e9;
  return {
    ...others,
    ...(ofCpus ? {} : { CpuPeriod, CpuQuota }),
    ...(MaskedPaths === null && ReadonlyPaths === null ? {} : { MaskedPaths, ReadonlyPaths }),
    CapDrop: dropsAll(host["CapDrop"]) ? ["ALL"] : host["CapDrop"],
    CgroupnsMode: or(host["CgroupnsMode"], "", "private"),
    IpcMode: or(host["IpcMode"], "shareable", "private"),
    PidMode: or(host["PidMode"], "private", ""),
    UTSMode: or(host["UTSMode"], "private", ""),
    LogConfig:
      ownValue(asObject(host["LogConfig"]), "Config") === null
        ? plainLog(host["LogConfig"])
        : host["LogConfig"],
    Ulimits: list(host["Ulimits"]).map((limit) => ({ ...limit, Name: ulimitName(limit["Name"]) })),
    Tmpfs: Object.fromEntries(
      Object.entries(asObject(host["Tmpfs"]) ?? {}).map(([target, options]) => [
        target,
        withoutOwnOptions(options),
      ]),
    ),
    // The same as among the mounts, in strings.
    ...(allAmong(Binds, mounts) ? { Mounts: mounts.map(toAskedMount) } : { Binds }),
  };
}

function or(value: unknown, podmans: string, dockers: string): unknown {
  return value === podmans ? dockers : value;
}

/** It lists what it would have given. */
function dropsAll(dropped: unknown): boolean {
  return Array.isArray(dropped) && usualCapabilities.every((name) => dropped.includes(name));
}

function plainLog(log: unknown): object {
  return { ...asObject(log), Config: { "max-file": "1", "max-size": "1m" } };
}

function ulimitName(name: unknown): string {
  return String(name)
    .replace(/^RLIMIT_/, "")
    .toLowerCase();
}

function withoutOwnOptions(options: unknown): string {
  const own = ["rprivate", "tmpcopyup"];
  return String(options)
    .split(",")
    .filter((option) => !own.includes(option))
    .join(",");
}

function withoutOwnEnv(config: Fields): readonly unknown[] {
  const own = ["container=podman", "TERM=xterm", `HOSTNAME=${String(config["Hostname"])}`];
  const env: readonly unknown[] = Array.isArray(config["Env"]) ? config["Env"] : [];
  return env.filter((line) => !own.includes(String(line)));
}

function allAmong(binds: unknown, mounts: readonly Fields[]): boolean {
  const known = mounts.map(({ Source, Destination }) => `${String(Source)}:${String(Destination)}:`);
  return Array.isArray(binds) && binds.every((bind) => known.some((start) => String(bind).startsWith(start)));
}

function toAskedMount({ Type, Source, Destination, RW, Propagation }: Fields): object {
  return { Type, Source, Target: Destination, ReadOnly: RW === false, BindOptions: { Propagation } };
}

/** It tells a kind of network where Docker tells the name of the one. */
function networkMode(networks: Fields, mode: unknown): unknown {
  const [name, ...others] = Object.keys(networks);
  return mode === "bridge" && name !== undefined && name !== defaultNetwork && others.length === 0
    ? name
    : mode;
}

const defaultNetwork = "podman";

/** Without a network it tells none; its default one is called `podman`. */
function networksByMode(networks: Fields, mode: unknown): Fields {
  if (mode === "none" && Object.keys(networks).length === 0) return { none: {} };
  if (mode !== "bridge") return networks;
  return Object.fromEntries(
    Object.entries(networks).map(([name, network]) => [name === defaultNetwork ? "bridge" : name, network]),
  );
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map((item) => asObject(item) ?? {}) : [];
}

/** What Podman gives where nothing is said, from its first releases on. */
const usualCapabilities = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
];
