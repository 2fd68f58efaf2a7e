import { describe, expect, test } from "vitest";
import { parseConfigDocument } from "../../src/config/config-document.ts";
import { resolveSandboxConfig } from "../../src/config/resolve-sandbox-config.ts";
import type { DiagnosticCode } from "../../src/diagnostic/codes.ts";
import { documentOf, effectiveValues, ground, withSandbox } from "../config/effective.ts";

/** Setting, value, code. What is refused must leave the default in its place. */
const refused: readonly (readonly [string, unknown, DiagnosticCode])[] = [
  ["memory", "1e9g", "CONFIG_VALUE_INVALID"],
  ["memory", "512 mb x", "CONFIG_VALUE_INVALID"],
  ["memory", "9999999999t", "CONFIG_VALUE_INVALID"],
  ["memory", "1k", "CONFIG_VALUE_INVALID"],
  ["memory", "", "CONFIG_VALUE_INVALID"],
  ["memory", null, "CONFIG_VALUE_INVALID"],
  ["memory", {}, "CONFIG_VALUE_INVALID"],
  ["memory", 0, "CONFIG_LIMIT_UNLIMITED"],
  ["memory", "0", "CONFIG_LIMIT_UNLIMITED"],
  ["memory", "0g", "CONFIG_LIMIT_UNLIMITED"],
  ["memory", -1, "CONFIG_LIMIT_UNLIMITED"],
  ["memory", "-1", "CONFIG_LIMIT_UNLIMITED"],
  ["memorySwap", -1, "CONFIG_LIMIT_UNLIMITED"],
  ["memorySwap", "512m", "CONFIG_VALUE_INVALID"],
  ["cpus", 0, "CONFIG_LIMIT_UNLIMITED"],
  ["cpus", -1, "CONFIG_LIMIT_UNLIMITED"],
  ["cpus", "1", "CONFIG_VALUE_INVALID"],
  ["cpus", 0.0001, "CONFIG_VALUE_INVALID"],
  ["pidsLimit", 0, "CONFIG_LIMIT_UNLIMITED"],
  ["pidsLimit", -1, "CONFIG_LIMIT_UNLIMITED"],
  ["pidsLimit", 1.5, "CONFIG_VALUE_INVALID"],
  ["pidsLimit", 1e12, "CONFIG_VALUE_INVALID"],
  ["ulimits", { nofile: -1 }, "CONFIG_LIMIT_UNLIMITED"],
  ["ulimits", { nofile: { soft: 5, hard: -1 } }, "CONFIG_LIMIT_UNLIMITED"],
  ["ulimits", { nofile: "9:1" }, "CONFIG_VALUE_INVALID"],
  ["ulimits", { nofile: "1:2:3" }, "CONFIG_VALUE_INVALID"],
  ["ulimits", { nofile: { soft: 1, extra: 2 } }, "CONFIG_VALUE_INVALID"],
  ["ulimits", { files: 1 }, "CONFIG_VALUE_INVALID"],
  ["ulimits", [], "CONFIG_VALUE_INVALID"],
  ["tmpfs", ["/workspace"], "CONFIG_TARGET_REFUSED"],
  ["tmpfs", ["//workspace/."], "CONFIG_TARGET_REFUSED"],
  ["tmpfs", ["/workspace/skills"], "CONFIG_TARGET_REFUSED"],
  ["tmpfs", ["/proc/sys"], "CONFIG_TARGET_REFUSED"],
  ["tmpfs", ["/"], "CONFIG_TARGET_REFUSED"],
  ["tmpfs", ["/etc"], "CONFIG_TARGET_REFUSED"],
  ["tmpfs", "/workspace", "CONFIG_VALUE_INVALID"],
  ["tmpfs", ["tmp"], "CONFIG_VALUE_INVALID"],
  ["tmpfs", ["/tmp:suid"], "CONFIG_VALUE_INVALID"],
  ["tmpfs", ["/tmp:size=0"], "CONFIG_VALUE_INVALID"],
  ["tmpfs", ["/tmp:size=9999999g"], "CONFIG_VALUE_INVALID"],
  ["user", "0", "CONFIG_USER_ROOT"],
  ["user", "00", "CONFIG_USER_ROOT"],
  ["user", 0, "CONFIG_USER_ROOT"],
  ["user", "0:0", "CONFIG_USER_ROOT"],
  ["user", "1000:0", "CONFIG_USER_ROOT"],
  ["user", " 0 ", "CONFIG_USER_ROOT"],
  ["user", "root", "CONFIG_USER_ROOT"],
  ["user", "ROOT", "CONFIG_USER_ROOT"],
  ["user", "node", "CONFIG_USER_ROOT"],
  ["user", "1000:root", "CONFIG_USER_ROOT"],
  ["user", "-1", "CONFIG_VALUE_INVALID"],
  ["user", "0x0", "CONFIG_VALUE_INVALID"],
  ["user", "4294967295", "CONFIG_VALUE_INVALID"],
  ["user", "1000:1000:1", "CONFIG_VALUE_INVALID"],
  ["network", "host", "CONFIG_NETWORK_REFUSED"],
  ["network", "HOST", "CONFIG_NETWORK_REFUSED"],
  ["network", " Host\n", "CONFIG_NETWORK_REFUSED"],
  ["network", "container:x", "CONFIG_NETWORK_REFUSED"],
  ["network", "Container:x", "CONFIG_NETWORK_REFUSED"],
  ["network", "ns:/proc/1/ns/net", "CONFIG_VALUE_INVALID"],
  ["network", "container:../x", "CONFIG_VALUE_INVALID"],
  ["network", "", "CONFIG_VALUE_INVALID"],
  ["seccompProfile", "unconfined", "CONFIG_PROFILE_UNCONFINED"],
  ["seccompProfile", " Unconfined", "CONFIG_PROFILE_UNCONFINED"],
  ["seccompProfile", "seccomp=unconfined", "CONFIG_PROFILE_UNCONFINED"],
  ["seccompProfile", "profile.json", "CONFIG_VALUE_INVALID"],
  ["apparmorProfile", "UNCONFINED", "CONFIG_PROFILE_UNCONFINED"],
  ["apparmorProfile", "apparmor:unconfined", "CONFIG_PROFILE_UNCONFINED"],
  ["apparmorProfile", "a b", "CONFIG_VALUE_INVALID"],
  ["workdir", "/proc/self/fd/8", "CONFIG_VALUE_INVALID"],
  ["workdir", "/workspace/../proc/self/fd/8", "CONFIG_VALUE_INVALID"],
  ["workdir", "workspace", "CONFIG_VALUE_INVALID"],
  ["image", "-v", "CONFIG_VALUE_INVALID"],
  ["image", "x; id", "CONFIG_VALUE_INVALID"],
  ["image", "x\nRUN id", "CONFIG_VALUE_INVALID"],
  ["containerPrefix", "../", "CONFIG_VALUE_INVALID"],
  ["containerPrefix", "-x", "CONFIG_VALUE_INVALID"],
  ["containerPrefix", "", "CONFIG_VALUE_INVALID"],
  ["capDrop", ["EVERYTHING"], "CONFIG_VALUE_INVALID"],
  ["gpus", "all;id", "CONFIG_VALUE_INVALID"],
  ["runtime", "--debug", "CONFIG_VALUE_INVALID"],
  ["dns", ["1.1.1.1.1"], "CONFIG_VALUE_INVALID"],
  ["dns", ["resolver"], "CONFIG_VALUE_INVALID"],
  ["dns", ["1.1.1.01"], "CONFIG_VALUE_INVALID"],
  ["extraHosts", ["host.docker.internal"], "CONFIG_VALUE_INVALID"],
  ["extraHosts", ["a b:10.0.0.1"], "CONFIG_VALUE_INVALID"],
  ["extraHosts", ["a:b:c"], "CONFIG_VALUE_INVALID"],
  ["readOnlyRoot", "false", "CONFIG_VALUE_INVALID"],
  ["dangerouslyAllowExternalBindSources", "true", "CONFIG_VALUE_INVALID"],
  ["env", { LANG: 1 }, "CONFIG_VALUE_INVALID"],
  ["env", { "A=B": "x" }, "CONFIG_VALUE_INVALID"],
  ["env", { A: "x\0y" }, "CONFIG_VALUE_INVALID"],
  ["setupCommand", { run: "id" }, "CONFIG_VALUE_INVALID"],
  ["binds", "/srv/x:/x", "CONFIG_VALUE_INVALID"],
];

describe("sandbox.docker", () => {
  const defaults = effectiveValues(resolveSandboxConfig(withSandbox({}), "main").config);

  test.each(refused)("%s: %j is %s", (key, value, code) => {
    const { config, diagnostics } = resolveSandboxConfig(withSandbox({ docker: { [key]: value } }), "main");
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map((error) => error.code)).toEqual([code]);
    const [error] = errors;
    expect(error?.message).toContain(`"agents.defaults.sandbox.docker.${key}`);
    // In the JSON of the test's document: the line of the value, or of its name or part.
    expect(error?.place?.line).toBeGreaterThanOrEqual(6);
    expect(error?.hint).not.toBe("");
    expect(`${error?.message}${error?.hint}`).not.toMatch(/[\n\0]/);
    // The rules of several settings together leave what is written: a refused configuration makes no sandbox.
    const isJudgedLater = ["memorySwap", "network"].includes(key) && value !== -1;
    if (!isJudgedLater) expect(effectiveValues(config)).toEqual(defaults);
  });

  test("takes each limit's one word for none, and says so", () => {
    const docker = {
      memory: "unlimited",
      pidsLimit: "unlimited",
      cpus: "unlimited",
      ulimits: { core: "unlimited" },
    };
    const { config, diagnostics } = resolveSandboxConfig(withSandbox({ docker }), "main");
    expect(diagnostics.map(({ code }) => code)).toEqual(["CONFIG_OPENED", "CONFIG_OPENED", "CONFIG_OPENED"]);
    expect(effectiveValues(config)).toMatchObject({
      "docker.memoryBytes": null,
      "docker.memorySwapBytes": null,
      "docker.pidsLimit": null,
      "docker.cpus": null,
      "docker.ulimits.core": { soft: null, hard: null },
    });
  });

  test("takes JSON5's numbers that are none for what they are", () => {
    for (const [word, code] of [
      ["NaN", "CONFIG_VALUE_INVALID"],
      ["Infinity", "CONFIG_VALUE_INVALID"],
      ["-Infinity", "CONFIG_VALUE_INVALID"],
    ] as const) {
      const text = `{agents:{defaults:{sandbox:{docker:{cpus: ${word}}}}}}`;
      const { diagnostics } = resolveSandboxConfig(documentOf(text), "main");
      expect(
        diagnostics.map((found) => found.code),
        word,
      ).toEqual([code]);
    }
  });
});

/** Sources that are refused whatever is allowed by name. */
const neverMounted = [
  "/",
  "//",
  "/.",
  "/etc",
  "//etc",
  "/etc/",
  "/ETC",
  "/Etc/Passwd",
  "/./etc/../etc",
  "/srv/../etc",
  "/var",
  "/var/",
  "/var/run",
  "/var/run/docker.sock",
  "/run/user/1000",
  "/proc/1/root",
  "/sys/fs/cgroup",
  "/dev/sda",
  "/boot",
  "/root/x",
  "/private/etc",
  "/var/lib/docker/volumes",
  "/var/lib",
  "/home",
  "/home/me",
  "/home/somebody",
  "/Users/somebody",
  "/home/me/.ssh",
  "/home/me/.SSH/id_rsa",
  "/home/me/.config/gh",
  "/srv/agents/.aws",
  "/srv/backup/.netrc",
  "/srv/engine/docker.sock",
  "/srv/engine/PODMAN.sock",
  "/home/me/.openclaw",
  "/home/me/.openclaw/credentials",
  "/home/me/.openclaw/openclaw.json",
  "/home/me/.openclaw/sandboxes",
  "/home/me/.openclaw/sandboxes/agent-main-0123456789abcdef0123456789abcdef",
  "/home/me/.openclaw/sandboxes/agent-main-0123456789abcdef0123456789abcdef/home",
  "/home/me/.openclaw/sandboxes/0123456789ABCDEF0123456789abcdef/.env",
];

describe("sources of mounts", () => {
  const bindOf = (source: string, more: object = {}) =>
    resolveSandboxConfig(withSandbox({ docker: { binds: [`${source}:/data:ro`], ...more } }), "main");
  const codes = (source: string, more: object = {}) =>
    bindOf(source, more).diagnostics.flatMap(({ code, severity }) => (severity === "error" ? [code] : []));

  test.each(neverMounted)("%s is never mounted", (source) => {
    const opened = { dangerouslyAllowExternalBindSources: true };
    expect(codes(source, opened)).toEqual(["CONFIG_BIND_REFUSED"]);
    const [refusal] = bindOf(source, opened).diagnostics.filter(({ severity }) => severity === "error");
    expect(refusal?.message).toContain('"agents.defaults.sandbox.docker.binds.0" mounts ');
  });

  test.each(["data", "./data", "~/data", "../etc", "", "$HOME/x", "C\\data", " /srv/data"])(
    "%j is no absolute path",
    (source) => {
      expect(codes(source, { dangerouslyAllowExternalBindSources: true })).toEqual(["CONFIG_BIND_REFUSED"]);
    },
  );

  test("outside of the workspaces is a matter of allowing it by name", () => {
    expect(codes("/srv/data")).toEqual(["CONFIG_BIND_REFUSED"]);
    expect(codes("/srv/data", { dangerouslyAllowExternalBindSources: true })).toEqual([]);
    expect(codes("/home/me/.openclaw/workspace/data")).toEqual([]);
    expect(codes("/home/me/.openclaw/workspace")).toEqual([]);
    expect(codes("/home/me/.openclaw/workspace-other")).toEqual(["CONFIG_BIND_REFUSED"]);
    expect(codes("/home/me/.openclaw/sandboxes/shared")).toEqual([]);
    const scope = "/home/me/.openclaw/sandboxes/agent-main-0123456789abcdef0123456789abcdef";
    expect(codes(`${scope}/workspace/out`)).toEqual([]);
    // On Linux this is another folder; elsewhere it is not.
    expect(codes("/home/me/.openclaw/WORKSPACE/data")).toEqual(["CONFIG_BIND_REFUSED"]);
  });

  test.each([["ro,shared"], ["rshared"], ["slave"], ["Z"], ["z,ro"], ["nocopy"], ["RO"]])(
    "the option %s is not taken",
    (options) => {
      const docker = { binds: [`/home/me/.openclaw/workspace:/data:${options}`] };
      const { diagnostics } = resolveSandboxConfig(withSandbox({ docker }), "main");
      expect(diagnostics.map(({ code }) => code)).toEqual(["CONFIG_BIND_REFUSED"]);
    },
  );
});

describe("targets of mounts", () => {
  const at = (target: string, more: object = {}) => {
    const docker = { binds: [`/home/me/.openclaw/workspace:${target}:ro`], ...more };
    return resolveSandboxConfig(withSandbox({ docker }), "main").diagnostics.flatMap(({ code, severity }) =>
      severity === "error" ? [code] : [],
    );
  };

  test.each([
    "/workspace",
    "/workspace/",
    "//workspace",
    "/workspace/skills",
    "/agent",
    "/agent/x",
    "/skills",
  ])("%s is the sandbox's own, unless that is given up by name", (target) => {
    expect(at(target)).toEqual(["CONFIG_TARGET_REFUSED"]);
    expect(at(target, { dangerouslyAllowReservedContainerTargets: true })).toEqual([]);
  });

  test.each(["/", "/proc", "/sys/kernel", "/dev", "/dev/null", "/etc", "/etc/passwd", "/x/../etc/group"])(
    "%s is never mounted over",
    (target) => {
      expect(at(target, { dangerouslyAllowReservedContainerTargets: true })).toEqual([
        "CONFIG_TARGET_REFUSED",
      ]);
    },
  );

  test("has one mount, and no tmpfs besides", () => {
    expect(at("/tmp")).toEqual(["CONFIG_TARGET_REFUSED"]);
    const workspace = "/home/me/.openclaw/workspace";
    const docker = { binds: [`${workspace}/a:/data:ro`, `${workspace}/b:/data/:ro`] };
    const { diagnostics } = resolveSandboxConfig(withSandbox({ docker }), "main");
    expect(diagnostics.map(({ code }) => code)).toEqual(["CONFIG_TARGET_REFUSED"]);
  });
});

describe("keys and documents", () => {
  test("that reach into JavaScript's own objects are keys like any other", () => {
    const text = `{
      __proto__: { agents: { defaults: { sandbox: { mode: "all" } } } },
      agents: { defaults: { sandbox: {
        __proto__: { mode: "all" },
        constructor: { x: 1 },
        docker: { "__proto__": { network: "bridge" }, env: { __proto__: "x", constructor: "y" } },
      } } },
    }`;
    const { config, diagnostics } = resolveSandboxConfig(documentOf(text), "main");
    expect(config.mode.value).toBe("off");
    expect(config.docker.network.value).toBe("none");
    expect([...config.docker.env.keys()]).toEqual(["LANG", "constructor"]);
    expect(diagnostics.map(({ code, place }) => `${code} ${place?.line}`)).toEqual([
      "CONFIG_KEY_UNKNOWN 4",
      "CONFIG_KEY_UNKNOWN 5",
      "CONFIG_KEY_UNKNOWN 6",
      "CONFIG_VALUE_INVALID 6",
    ]);
    expect(Object.prototype).not.toHaveProperty("mode");
  });

  test("an agent may be called like one of JavaScript's own names", () => {
    const text = `{ agents: { entries: { constructor: { sandbox: { mode: "all" } } } } }`;
    expect(resolveSandboxConfig(documentOf(text), "constructor").config.mode.value).toBe("all");
    expect(resolveSandboxConfig(documentOf(text), "toString").config.mode.value).toBe("off");
  });

  test.each([
    ["deep", "[".repeat(100_000) + "]".repeat(100_000)],
    ["deep maps", `${"{a:".repeat(5000)}1${"}".repeat(5000)}`],
    ["cut", '{ agents: { defaults: { token: "canary'],
    ["no JSON5", "agents: canary"],
    ["empty", ""],
    ["too long", `{ a: "${"x".repeat(1_000_000)}" }`],
  ])("%s is one problem, and quotes nothing", (_, text) => {
    const { document, diagnostics } = parseConfigDocument(text, ground);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: "GATEWAY_CONFIG_UNREADABLE", severity: "error" });
    expect(JSON.stringify(diagnostics)).not.toContain("canary");
    expect(resolveSandboxConfig(document, "main").config.mode.value).toBe("off");
  });

  test("long lists and maps are one problem each", () => {
    const many = Array.from({ length: 5000 }, (_, index) => `/srv/${index}:/data/${index}`);
    const env = Object.fromEntries(many.map((_, index) => [`A${index}`, "x"]));
    const { diagnostics } = resolveSandboxConfig(
      withSandbox({ docker: { binds: many, env, dns: many, tmpfs: many } }),
      "main",
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(Array(4).fill("CONFIG_VALUE_INVALID"));
  });

  test("a hundred keys that do not exist are enough", () => {
    const sandbox = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, 1]));
    const { diagnostics } = resolveSandboxConfig(withSandbox(sandbox), "main");
    expect(diagnostics).toHaveLength(100);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(["CONFIG_KEY_UNKNOWN"]));
  });

  test("a key that stands many times is told, and the last one counts", () => {
    const text = `{ agents: { defaults: { sandbox: { ${'mode: "all",\n'.repeat(500)} mode: "non-main" } } } }`;
    const { config, diagnostics } = resolveSandboxConfig(documentOf(text), "main");
    expect(config.mode.value).toBe("non-main");
    expect(diagnostics).toHaveLength(100);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(["CONFIG_KEY_DUPLICATE"]));
  });
});
