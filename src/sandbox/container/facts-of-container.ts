import { compareText } from "../../diagnostic/compare-text.ts";
import { canonicalJson } from "../../plan/canonical-json.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";
import { podmanAsDocker } from "./podman-as-docker.ts";

/**
 * What decides how closed a container is, of an engine's inspect answer: path → value, as text that is equal where
 * engines mean the same. What is empty, zero or off is no fact, so that whatever is there and was not planned stands out.
 */
export function factsOfContainer(inspected: unknown): ReadonlyMap<string, string> {
  const answer = podmanAsDocker(asObject(inspected) ?? {});
  const config = asObject(ownValue(answer, "Config")) ?? {};
  const host = asObject(ownValue(answer, "HostConfig")) ?? {};
  const facts: readonly Fact[] = [
    ["Image", withoutAlgorithm(ownValue(answer, "Image"))],
    ["Path", ownValue(answer, "Path")],
    ["Args", ownValue(answer, "Args")],
    ["AppArmorProfile", appArmor(ownValue(answer, "AppArmorProfile"))],
    ...factsOfConfig(config),
    ...factsOfHostConfig(host),
    ...mountFacts(ownValue(answer, "Mounts")),
    ...networkFacts(asObject(ownValue(answer, "NetworkSettings"))),
  ];
  const found = new Map<string, string>();
  for (const [path, value] of facts) {
    if (isNeutral(value)) continue;
    // Of what is told twice either may count.
    const before = found.get(path);
    found.set(path, before === undefined ? toText(value) : `${before} and ${toText(value)}`);
  }
  return found;
}

type Fact = readonly [path: string, value: unknown];
type Fields = Readonly<Record<string, unknown>>;

function factsOfConfig(config: Fields): readonly Fact[] {
  return Object.entries(config).flatMap(([key, value]): readonly Fact[] => {
    if (imagesOwn.has(key)) return [];
    if (key === "Env") return texts(value).map(envFact);
    if (key === "Labels") return entries(value).map(([name, text]) => [`Config.Labels.${name}`, text]);
    return [[`Config.${key}`, value]];
  });
}

/** The whole line, so that an empty value is a fact too. */
function envFact(line: string): Fact {
  return [`Config.Env.${line.split("=", 1)[0] ?? ""}`, line];
}

function factsOfHostConfig(host: Fields): readonly Fact[] {
  return Object.entries(host).flatMap(([key, value]): readonly Fact[] => {
    const path = `HostConfig.${key}`;
    if (notConfining.has(key)) return [];
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (read === undefined) return [[path, value]];
    return read(value).map(([name, part]) => [name === "" ? path : `${path}.${name}`, part]);
  });
}

/** Fields that engines spell in more than one way, or that are told part by part; a part without a name is the whole. */
const readers: Readonly<Record<string, (value: unknown) => readonly Fact[]>> = {
  SecurityOpt: (value) => texts(value).map(securityFact),
  Tmpfs: (value) => entries(value).map(([target, options]) => [target, tmpfsOptions(options)]),
  Ulimits: (value) =>
    objects(value).map((limit) => [String(limit["Name"]), `${limit["Soft"]}:${limit["Hard"]}`]),
  Mounts: (value) => objects(value).map(askedMount),
  RestartPolicy: (value) => [["", restartName(value)]],
  PidsLimit: (value) => [["", limit(value)]],
  MemorySwap: (value) => [["", limit(value)]],
  MemorySwappiness: (value) => [["", limit(value)]],
  CapDrop: (value) => [["", texts(value).sort(compareText)]],
  ExtraHosts: (value) => [["", texts(value).sort(compareText)]],
  DeviceRequests: (value) => [["", list(value).map(withoutNeutral)]],
  MaskedPaths: (value) => [["", missing(value, maskedPaths)]],
  ReadonlyPaths: (value) => [["", missing(value, readOnlyPaths)]],
};

function securityFact(option: string): Fact {
  const [kind = ""] = option.split(/[=:]/, 1);
  const value = option.slice(kind.length + 1);
  const isOn = value === "" || (kind === "no-new-privileges" && value === "true");
  return [kind, isOn ? "on" : value];
}

function tmpfsOptions(options: unknown): readonly string[] {
  return String(options).split(",").sort(compareText);
}

function askedMount({ Target, ...mount }: Fields): Fact {
  return [String(Target), withoutNeutral({ ...mount, BindOptions: withoutNeutral(mount["BindOptions"]) })];
}

function restartName(policy: unknown): unknown {
  const name = ownValue(asObject(policy), "Name");
  return name === "no" ? "" : name;
}

/** -1 and 0 are both the engine's word for none. */
function limit(value: unknown): unknown {
  return value === -1 ? 0 : value;
}

/** Neutral where all that should be hidden is; engines hide more from release to release. */
function missing(value: unknown, required: readonly string[]): readonly string[] {
  const hidden = new Set(texts(value));
  return required.filter((path) => !hidden.has(path)).map((path) => `without ${path}`);
}

function mountFacts(mounts: unknown): readonly Fact[] {
  return objects(mounts).map(({ Destination, ...mount }) => [
    `Mounts.${String(Destination)}`,
    withoutNeutral({ ...mount, Source: withoutDesktop(mount["Source"]) }),
  ]);
}

/** Docker Desktop tells where its virtual machine has a path of the host. */
function withoutDesktop(source: unknown): unknown {
  return typeof source === "string" ? source.replace(/^\/host_mnt(?=\/)/, "") : source;
}

function networkFacts(settings: Fields | null): readonly Fact[] {
  const published = entries(ownValue(settings, "Ports")).filter(([, bindings]) => !isNeutral(bindings));
  return [
    ...entries(ownValue(settings, "Networks")).map(
      ([name]): Fact => [`NetworkSettings.Networks.${name}`, "joined"],
    ),
    ...published.map(([port, bindings]): Fact => [`NetworkSettings.Ports.${port}`, bindings]),
  ];
}

/** A default profile of the engine's confines more than was asked for. */
function appArmor(profile: unknown): unknown {
  return typeof profile === "string" && engineProfile.test(profile) ? "" : profile;
}

function withoutAlgorithm(id: unknown): unknown {
  return typeof id === "string" ? id.replace(/^sha256:/, "") : id;
}

function withoutNeutral(value: unknown): unknown {
  const fields = asObject(value);
  if (fields === null) return value;
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => !isNeutral(field)));
}

function isNeutral(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isNeutral);
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === "" || value === 0 || value === false;
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : canonicalJson(value);
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(asObject(value) ?? {});
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): string[] {
  return list(value).map(String);
}

function objects(value: unknown): readonly Fields[] {
  return list(value).map((item) => asObject(item) ?? { unknown: item });
}

/** Of the image, whose id is compared; volumes show among the mounts. */
const imagesOwn = new Set([
  "ArgsEscaped",
  "ExposedPorts",
  "Healthcheck",
  "Image",
  "OnBuild",
  "Shell",
  "StopSignal",
  "Volumes",
]);

/** Fields that open nothing. */
const notConfining = new Set(["ConsoleSize", "ContainerIDFile", "Isolation"]);

/** What Docker and Podman give to whom nobody names one. */
const engineProfile = /^(?:docker-default|containers-default-[\d.]+)$/;

/** Of Docker 20.10. */
const maskedPaths = [
  "/proc/acpi",
  "/proc/asound",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/sys/firmware",
];
const readOnlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
