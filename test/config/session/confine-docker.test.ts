import { describe, expect, test } from "vitest";
import { configDocumentOf } from "../../../src/config/config-document.ts";
import { resolveSandboxConfig } from "../../../src/config/resolve-sandbox-config.ts";
import type { DockerConfig, SandboxConfig } from "../../../src/config/sandbox-config.ts";
import { confineDocker } from "../../../src/config/session/confine-docker.ts";
import { resolveSession } from "../../../src/config/session/resolve-session.ts";
import { confineConfig } from "../../../src/sandbox/ensure/confine-config.ts";

const workspace = "/home/gateway/work";

/** Settings of the agents `parent`, `own` and `third`. */
function settings(parent: object, own: object, third: object = {}): (agentId: string) => SandboxConfig {
  const agent = (docker: object) => ({ workspace, sandbox: { mode: "all", scope: "agent", docker } });
  const config = { agents: { entries: { parent: agent(parent), own: agent(own), third: agent(third) } } };
  const ground = { file: "/home/gateway/.openclaw/openclaw.json", stateDir: "/home/gateway/.openclaw" };
  const document = configDocumentOf(config, { ...ground, homeDir: "/home/gateway" });
  return (agentId) => resolveSandboxConfig(document, agentId).config;
}

function confine(parent: object, own: object) {
  const sandboxOf = settings(parent, own);
  return confineDocker(sandboxOf("own").docker, sandboxOf("parent").docker);
}

describe("of two settings the stricter one", () => {
  test.each<[keyof DockerConfig, unknown, unknown, unknown]>([
    ["network", "none", "bridge", "none"],
    ["network", "bridge", "none", "none"],
    ["readOnlyRoot", true, false, true],
    ["readOnlyRoot", false, true, true],
    ["capDrop", ["ALL"], ["NET_RAW"], ["ALL"]],
    ["capDrop", ["CHOWN"], ["NET_RAW"], ["NET_RAW", "CHOWN"]],
    ["pidsLimit", 64, 512, 64],
    ["pidsLimit", 512, 64, 64],
    ["pidsLimit", 64, "unlimited", 64],
    ["cpus", 1, 2, 1],
    ["gpus", undefined, "all", null],
    ["runtime", "runsc", undefined, "runsc"],
    ["runtime", undefined, "runsc", "runsc"],
  ])("%s: %j of the parent, %j of its own: %j", (key, parent, own, expected) => {
    const { docker, diagnostics } = confine({ [key]: parent }, { [key]: own });
    expect(docker[key]).toMatchObject({ value: expected });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("memory, with swap", () => {
    const { docker, diagnostics } = confine({ memory: "256m" }, { memory: "2g", memorySwap: "4g" });
    expect(docker.memoryBytes.value).toBe(256 * 2 ** 20);
    expect(docker.memorySwapBytes.value).toBe(256 * 2 ** 20);
    expect(diagnostics).toMatchObject([
      { code: "SESSION_CONFINED", message: expect.stringContaining("docker.memoryBytes") },
    ]);
  });

  test("ulimits one by one: a default that the parent has counts", () => {
    const parent = { ulimits: { nproc: { soft: 50, hard: 100 } } };
    const own = { ulimits: { nofile: { soft: 512, hard: 1_000_000 }, nproc: 4096 } };
    const { ulimits } = confine(parent, own).docker;
    expect(ulimits.get("nofile")?.value).toEqual({ soft: 512, hard: 4096 });
    expect(ulimits.get("nproc")?.value).toEqual({ soft: 50, hard: 100 });
  });

  test("mounts that the parent has not are left out, and are read-only where its are", () => {
    const parent = { binds: [`${workspace}/data:/data:ro`, `${workspace}/both:/both:rw`] };
    const own = {
      binds: [
        `${workspace}/data/part:/part:rw`,
        `${workspace}/other:/other:ro`,
        `${workspace}/both:/both:rw`,
      ],
    };
    expect(confine(parent, own).docker.binds.map(({ value }) => value)).toEqual([
      { source: `${workspace}/data/part`, target: "/part", readOnly: true },
      { source: `${workspace}/both`, target: "/both", readOnly: false },
    ]);
  });

  test.each<[string, object, object]>([
    ["network", { network: "one" }, { network: "two" }],
    ["seccompProfile", {}, { seccompProfile: "/home/gateway/profile.json" }],
    ["apparmorProfile", { apparmorProfile: "mine" }, {}],
    ["runtime", {}, { runtime: "crun" }],
  ])("%s: nobody can tell, and so it is refused", (key, parent, own) => {
    expect(confine(parent, own).diagnostics).toContainEqual(
      expect.objectContaining({
        code: "SESSION_CONFINEMENT_UNKNOWN",
        severity: "error",
        hint: `Give both agents the same docker.${key}.`,
      }),
    );
  });

  test("the same settings stay as they are", () => {
    const docker = { network: "bridge", pidsLimit: 100, binds: [`${workspace}/x:/x:rw`] };
    expect(confine(docker, docker).diagnostics).toEqual([]);
  });
});

describe("a session that another agent's session started", () => {
  const session = (sandboxOf: (agentId: string) => SandboxConfig, ...agents: readonly string[]) =>
    agents.reduce<ReturnType<typeof resolveSession> | null>(
      (spawnedBy, agentId) =>
        resolveSession({ config: {}, sandboxOf, agentId, sessionKey: `agent:${agentId}:x`, spawnedBy }),
      null,
    );

  test("has a container as narrow, of its own, through every generation", () => {
    const sandboxOf = settings({ network: "none" }, { network: "bridge" }, { network: "bridge" });
    const child = session(sandboxOf, "parent", "own");
    const grandchild = session(sandboxOf, "parent", "own", "third");
    for (const one of [child, grandchild]) {
      if (one === null) throw new Error("no session");
      expect(one.scope).toEqual({ kind: "session", key: one.key });
      expect(confineConfig(sandboxOf(one.agentId), one).config.docker.network.value).toBe("none");
    }
    const alone = session(sandboxOf, "own");
    if (alone === null) throw new Error("no session");
    expect(alone.scope.kind).toBe("agent");
    expect(confineConfig(sandboxOf("own"), alone).config.docker.network.value).toBe("bridge");
  });

  test("is refused where the parent's container cannot be known or compared", () => {
    const sandboxOf = settings({ network: "one" }, { network: "two" });
    const child = session(sandboxOf, "parent", "own");
    if (child?.spawnedBy == null) throw new Error("no session");
    const refusal = expect.objectContaining({ code: "INPUT_INVALID" });
    expect(() => confineConfig(sandboxOf("own"), child)).toThrow(refusal);
    const { docker: _docker, ...rest } = child.spawnedBy.configured;
    const unknown = { ...child, spawnedBy: { ...child.spawnedBy, configured: rest } };
    expect(() => confineConfig(sandboxOf("own"), unknown)).toThrow(refusal);
  });
});
