import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { compareContainer } from "../../../src/sandbox/container/compare-container.ts";
import type { ContainerPlan } from "../../../src/sandbox/container/container-plan.ts";

/** A plan, and what an engine told of the container that it made from it. */
interface Recorded {
  readonly plan: ContainerPlan;
  readonly inspected: Json & object;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Path = readonly string[];

const recordings = [
  "docker-20.10-plain",
  "docker-20.10-rich",
  "podman-4.3-plain",
  "podman-4.3-rich",
] as const;

function recorded(name: (typeof recordings)[number]): Recorded {
  return JSON.parse(readFileSync(new URL(`../../fixtures/containers/${name}.json`, import.meta.url), "utf8"));
}

describe.each(recordings)("a container as recorded from %s", (name) => {
  const { plan, inspected } = recorded(name);

  it("is what was planned", () => {
    expect(compareContainer(plan, inspected)).toEqual([]);
  });

  it("is not what was planned with any one value changed, added or taken away", () => {
    const exempt = name.startsWith("podman") ? [...opensNothing, ...podmans] : opensNothing;
    const mutations = mutationsOf(inspected, []).filter(
      ({ path, was }) => !exempt.some((pattern) => pattern.test(path.join(".")) || pattern.test(String(was))),
    );
    const unnoticed = mutations
      .filter(({ path, value }) => compareContainer(plan, withValue(inspected, path, value)).length === 0)
      .map(({ path, value }) => `${path.join(".")} = ${JSON.stringify(value)}`);
    expect(unnoticed).toEqual([]);
    expect(mutations.length).toBeGreaterThan(150);
  });
});

test("a difference says what was planned and what is there", () => {
  const { plan, inspected } = recorded("docker-20.10-plain");
  const changed = [
    [["HostConfig", "Memory"], 0],
    [["HostConfig", "Privileged"], true],
    [["HostConfig", "SecurityOpt", "1"], 'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'],
    [["HostConfig", "Tmpfs", "/tmp"], "rw"],
  ] as const;
  const real = changed.reduce<Json>((answer, [path, value]) => withValue(answer, path, value), inspected);
  expect(compareContainer(plan, real)).toEqual([
    { path: "HostConfig.Memory", planned: "1073741824", real: null },
    { path: "HostConfig.Privileged", planned: null, real: "true" },
    {
      path: "HostConfig.SecurityOpt.seccomp",
      planned: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      real: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    },
    { path: "HostConfig.Tmpfs./tmp", planned: expect.stringContaining("nosuid"), real: '["rw"]' },
  ]);
});

test("a difference shows no value of a variable", () => {
  const { plan, inspected } = recorded("docker-20.10-plain");
  const real = withValue(inspected, ["Config", "Env"], ["HOME=canary", "TOKEN=canary"]);
  const differences = compareContainer(plan, real);
  expect(JSON.stringify(differences)).not.toContain("canary");
  expect(differences).toEqual([
    { path: "Config.Env.HOME", planned: "a value", real: "another value" },
    { path: "Config.Env.LANG", planned: "a value", real: null },
    { path: "Config.Env.PATH", planned: "a value", real: null },
    { path: "Config.Env.TOKEN", planned: null, real: "a value" },
  ]);
});

test.each([null, undefined, 1, [], {}, { HostConfig: null, Config: 1, Mounts: {} }])(
  "an answer that is none differs in everything: %j",
  (answer) => {
    const { plan } = recorded("docker-20.10-plain");
    expect(compareContainer(plan, answer).length).toBeGreaterThan(40);
  },
);

test("what engines do otherwise and mean the same is no difference", () => {
  const { plan, inspected } = recorded("docker-20.10-plain");
  const same: readonly (readonly [Path, Json])[] = [
    [["HostConfig", "CapAdd"], []],
    [["HostConfig", "SecurityOpt", "0"], "no-new-privileges:true"],
    [["HostConfig", "RestartPolicy", "Name"], ""],
    [["HostConfig", "MemorySwappiness"], -1],
    [["HostConfig", "UsernsMode"], ""],
    [["HostConfig", "MaskedPaths", "99"], "/proc/interrupts"],
    [["AppArmorProfile"], "docker-default"],
    [["Mounts", "0", "Source"], "/host_mnt/srv/recorded/workspace"],
    [["Config", "Labels", "org.opencontainers.image.title"], "of the image"],
  ];
  for (const [path, value] of same) {
    expect(compareContainer(plan, withValue(inspected, path, value)), path.join(".")).toEqual([]);
  }
});

/** What may be anything: names, what is the image's own, parts that confine nothing. */
const opensNothing = [
  /^(?:Id|Name)$/,
  /^HostConfig\.(?:ConsoleSize|ContainerIDFile|Isolation|RestartPolicy)/,
  /^HostConfig\.(?:MaskedPaths|ReadonlyPaths|Ulimits\.\d+)\.new$/,
  /^Config\.(?:ArgsEscaped|ExposedPorts|Healthcheck|Image|OnBuild|Shell|StopSignal|Volumes)/,
  /^Config\.Labels\.(?!dev\.skillcrate)/,
  /^NetworkSettings\.Networks\.[^.]+\./,
];

/** What Podman tells twice, or spells in two ways; its own variables; capabilities that it gives to nobody by itself. */
const podmans = [
  /^HostConfig\.(?:Binds\.\d+|CapDrop\.new|PidMode|UTSMode|MemorySwappiness)$/,
  /^(?:container=podman|TERM=xterm|HOSTNAME=sandbox)$/,
  /^(?:AUDIT_WRITE|MKNOD|NET_RAW|SYS_CHROOT)$/,
];

interface Mutation {
  readonly path: Path;
  readonly was: Json | undefined;
  /** Undefined: taken away. */
  readonly value: Json | undefined;
}

/** Every value of an answer changed, taken away where it says something, and one more in every list and map. */
function mutationsOf(value: Json, path: Path): readonly Mutation[] {
  if (typeof value !== "object" || value === null) {
    const gone = { path, was: value, value: undefined };
    return [{ path, was: value, value: changed(value) }, ...(isSaying(value) ? [gone] : [])];
  }
  const isPlain = path.length < 2 && !Array.isArray(value);
  const added = isPlain ? [] : [{ path: [...path, "new"], was: undefined, value: "new" }];
  return [...added, ...Object.entries(value).flatMap(([key, member]) => mutationsOf(member, [...path, key]))];
}

function changed(value: string | number | boolean | null): Json {
  if (value === null) return ["new"];
  if (typeof value === "boolean") return !value;
  return typeof value === "number" ? value + 1 : `${value}new`;
}

function isSaying(value: string | number | boolean | null): boolean {
  return value !== null && value !== "" && value !== 0 && value !== false;
}

function withValue(answer: Json, path: Path, value: Json | undefined): Json {
  const copy: Json = structuredClone(answer);
  let at: Json = copy;
  for (const key of path.slice(0, -1)) at = Object(at)[key];
  const last = path.at(-1) ?? "";
  if (Array.isArray(at)) {
    const index = Number(last);
    at.splice(Number.isNaN(index) ? at.length : index, 1, ...(value === undefined ? [] : [value]));
  } else if (value === undefined) delete Object(at)[last];
  else Object(at)[last] = value;
  return copy;
}
