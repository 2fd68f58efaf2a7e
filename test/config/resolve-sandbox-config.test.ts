import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { configDocumentOf } from "../../src/config/config-document.ts";
import { readGatewaySettings } from "../../src/config/gateway-settings.ts";
import { hiddenValue, listSettings } from "../../src/config/list-settings.ts";
import { repeatedAgents } from "../../src/config/repeated-agents.ts";
import { resolveSandboxConfig } from "../../src/config/resolve-sandbox-config.ts";
import { sections } from "../../src/config/settings/sections.ts";
import { configuration, documentOf, effectiveValues, ground, withSandbox } from "./effective.ts";

describe("each value knows where it is from", () => {
  const { config } = resolveSandboxConfig(configuration("per-agent-overrides"), "build");
  const file = ground.file;

  test("the agent's own, with line and column of the value", () => {
    expect(config.docker.memoryBytes.origin).toEqual({
      file,
      key: "agents.list.1.sandbox.docker.memory",
      line: 28,
      column: 21,
      rule: "agent",
    });
  });

  test("of all agents", () => {
    const origin = {
      file,
      key: "agents.defaults.sandbox.docker.image",
      line: 9,
      column: 18,
      rule: "defaults",
    };
    expect(config.docker.image.origin).toEqual(origin);
  });

  test("of nobody: documented, safe, or following from something else", () => {
    const unwritten = { file: null, line: null, column: null };
    const key = "agents.defaults.sandbox";
    expect(config.docker.readOnlyRoot.origin).toEqual({
      ...unwritten,
      key: `${key}.docker.readOnlyRoot`,
      rule: "reference",
    });
    expect(config.docker.pidsLimit.origin).toEqual({
      ...unwritten,
      key: `${key}.docker.pidsLimit`,
      rule: "safe",
    });
    expect(config.docker.memorySwapBytes.origin).toEqual({
      ...unwritten,
      key: `${key}.docker.memorySwap`,
      rule: "derived",
    });
    expect(config.workspaceRoot.origin).toEqual({
      ...unwritten,
      key: `${key}.workspaceRoot`,
      rule: "derived",
    });
  });

  test("name by name in maps, item by item in joined lists", () => {
    const env = [...config.docker.env].map(([name, { origin }]) => `${name} ${origin.rule} ${origin.line}`);
    expect(env).toEqual(["CI agent 27", "LANG defaults 10", "TZ agent 27"]);
    const ulimits = [...config.docker.ulimits].map(([name, { origin }]) => `${name} ${origin.rule}`);
    expect(ulimits).toEqual(["core safe", "nofile safe", "nproc agent"]);
    const binds = config.docker.binds.map(({ origin }) => `${origin.key} ${origin.rule}`);
    expect(binds).toEqual([
      "agents.defaults.sandbox.docker.binds.0 defaults",
      "agents.list.1.sandbox.docker.binds.0 agent",
    ]);
  });

  test("an old form under its own key", () => {
    const { origin } = resolveSandboxConfig(configuration("old-forms"), "team").config.scope;
    expect(origin).toMatchObject({
      key: "agents.list.1.sandbox.perSession",
      line: 15,
      column: 32,
      rule: "agent",
    });
  });

  test("a configuration that comes as a value has keys and no places", () => {
    const document = configDocumentOf(
      { agents: { defaults: { sandbox: { mode: "all", scope: "x" } } } },
      ground,
    );
    const { config: placeless, diagnostics } = resolveSandboxConfig(document, "main");
    expect(placeless.mode).toEqual({
      value: "all",
      origin: { file, key: "agents.defaults.sandbox.mode", line: null, column: null, rule: "defaults" },
    });
    expect(diagnostics).toMatchObject([{ code: "CONFIG_VALUE_INVALID" }]);
    expect(diagnostics[0]).not.toHaveProperty("place");
  });

  test("every row of the tables has a value, and every value a row", () => {
    const values = resolveSandboxConfig(configuration("everything"), "main").config;
    const rows = sections.flatMap(({ key, settings }) =>
      Object.keys(settings).map((name) => (key === null ? name : `${key}.${name}`)),
    );
    const written = effectiveValues(values);
    const missing = rows.filter(
      (row) => !Object.keys(written).some((key) => key === row || key.startsWith(`${row}.`)),
    );
    expect(missing).toEqual([]);
    expect(listSettings(values).length).toBe(Object.keys(written).length);
  });
});

test("what is listed is written as one would write it: read again, it means the same", () => {
  const written = resolveSandboxConfig(configuration("everything"), "main").config;
  const printed: Record<string, unknown> = {};
  for (const { key, settings } of sections) {
    const fields = (key === null ? written : written[key as keyof typeof written]) as unknown as Record<
      string,
      unknown
    >;
    const target: Record<string, unknown> = key === null ? printed : {};
    if (key !== null) printed[key] = target;
    for (const [name, setting] of Object.entries(settings)) {
      const field = fields[name];
      if (setting.merge === "replace")
        target[setting.key] = setting.kind.print((field as { value: unknown }).value);
      else {
        const items = [...(field as Iterable<unknown>)].map((entry) =>
          Array.isArray(entry) ? entry : ["", entry],
        );
        const values = items.map(([, item]) => setting.item.print(item.value));
        target[setting.key] =
          setting.merge === "append"
            ? values
            : Object.fromEntries(items.map(([own], index) => [own, values[index]]));
      }
    }
  }
  const document = documentOf({ agents: { defaults: { workspace: "/srv/agents/main", sandbox: printed } } });
  const again = resolveSandboxConfig(document, "main");
  expect(again.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(effectiveValues(again.config)).toEqual(effectiveValues(written));
});

describe("agents", () => {
  test("in both forms; the newer counts, and the other is told", () => {
    const document = documentOf(`{ agents: {
      list: [{ id: "Work", sandbox: { mode: "all" } }, { id: "other" }, { id: "other" }],
      entries: { work: { sandbox: { mode: "non-main" } } },
    } }`);
    expect(resolveSandboxConfig(document, "work").config.mode.value).toBe("non-main");
    expect(resolveSandboxConfig(document, " WORK ").config.agentId).toBe("work");
    expect(
      repeatedAgents(document).map(({ code, place }) => `${code} ${place?.line}:${place?.column}`),
    ).toEqual(["CONFIG_AGENT_DUPLICATE 2:14", "CONFIG_AGENT_DUPLICATE 2:73"]);
  });

  test("a relative workspace is an error where it would be mounted", () => {
    const resolve = (workspaceAccess: string) =>
      resolveSandboxConfig(
        documentOf({ agents: { defaults: { workspace: "ws", sandbox: { workspaceAccess } } } }),
        "main",
      ).diagnostics.map(({ code, severity }) => `${severity} ${code}`);
    expect(resolve("none")).toEqual(["warning GATEWAY_PATH_RELATIVE"]);
    expect(resolve("ro")).toEqual(["error GATEWAY_PATH_RELATIVE"]);
  });

  test("the agent's old form comes before the newer one of all agents", () => {
    const document = documentOf({
      agents: {
        defaults: { sandbox: { scope: "agent" } },
        entries: { a: { sandbox: { perSession: false } } },
      },
    });
    expect(resolveSandboxConfig(document, "a").config.scope.value).toBe("shared");
  });

  test("of two forms in one place the newer counts", () => {
    const { config, diagnostics } = resolveSandboxConfig(
      withSandbox({ scope: "agent", perSession: false }),
      "main",
    );
    expect(config.scope.value).toBe("agent");
    expect(diagnostics).toMatchObject([{ code: "CONFIG_OLD_FORM", severity: "warning" }]);
  });
});

describe("keys", () => {
  test.each([
    ["mod", "mode"],
    ["workspace_access", "workspaceAccess"],
    ["Docker", "docker"],
    ["image", "sandbox.docker.image"],
    ["idleHours", "sandbox.prune.idleHours"],
    ["zzz", "mode, scope, perSession, workspaceAccess, workspaceRoot, docker, browser, prune"],
  ])("%s does not exist; the hint names %s", (key, named) => {
    const { diagnostics } = resolveSandboxConfig(withSandbox({ [key]: "x" }), "main");
    expect(diagnostics).toMatchObject([{ code: "CONFIG_KEY_UNKNOWN", severity: "error" }]);
    expect(diagnostics[0]?.hint).toContain(named);
  });

  test("at their place, all at once, in docker, browser and prune too", () => {
    const document = documentOf(`{ agents: { defaults: { sandbox: {
      docker: { netwrok: "bridge" },
      browser: { enabeld: true },
      prune: { idleHour: 1 },
    } } } }`);
    const { diagnostics } = resolveSandboxConfig(document, "main");
    expect(diagnostics.map(({ place, hint }) => `${place?.line}:${place?.column} ${hint}`)).toEqual([
      '2:17 Did you mean "network"?',
      '3:18 Did you mean "enabled"?',
      '4:16 Did you mean "idleHours"?',
    ]);
  });

  test("that are the gateway's are nobody's business here", () => {
    const document = documentOf(
      `{ sandbox: 1, agents: { sandbox: 2, defaults: { model: "m", sandbox: { mode: "all" } } }, x: { x: 1, x: 2 } }`,
    );
    expect(resolveSandboxConfig(document, "main").diagnostics).toEqual([]);
  });

  test("of a wrong type hold nothing", () => {
    const { config, diagnostics } = resolveSandboxConfig(withSandbox({ docker: "x", prune: [] }), "main");
    expect(config.docker.network.value).toBe("none");
    expect(diagnostics.map(({ code }) => code)).toEqual(["CONFIG_VALUE_INVALID", "CONFIG_VALUE_INVALID"]);
    expect(resolveSandboxConfig(withSandbox(true), "main").diagnostics).toHaveLength(1);
  });
});

describe("findings", () => {
  const codes = (docker: object, more: object = {}) =>
    resolveSandboxConfig(withSandbox({ docker, ...more }), "main").diagnostics.map(({ code, severity }) =>
      severity === "error" ? `error ${code}` : code,
    );

  test("a setup command is told what it lacks", () => {
    const of = (docker: object) =>
      resolveSandboxConfig(
        withSandbox({ docker: { setupCommand: "apt-get install -y x", ...docker } }),
        "main",
      )
        .diagnostics.filter(({ code }) => code === "CONFIG_SETUP_NEEDS")
        .map(({ severity, message }) => [severity, /run with ([^:]*)/.exec(message)?.[1]]);
    expect(of({})).toEqual([["warning", "no network, a read-only root, a user that is never root"]]);
    expect(of({ network: "bridge" })).toEqual([["warning", "a read-only root, a user that is never root"]]);
    expect(of({ network: "bridge", readOnlyRoot: false })).toEqual([["info", "a user that is never root"]]);
    expect(codes({ setupCommand: ["", " "] })).toEqual([]);
  });

  test("variables that should not be there", () => {
    expect(codes({ env: { API_KEY: "canary-1234" } })).toEqual(["SECRET_ENV_LITERAL"]);
    expect(codes({ env: { API_KEY: `\${API_KEY}` } })).toEqual(["CONFIG_ENV_REFERENCE"]);
    expect(codes({ env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } })).toEqual(["CONFIG_ENV_TLS"]);
    expect(codes({ env: { HOME: "/workspace/home", TZ: "UTC" } })).toEqual([]);
  });

  test("protections that are off", () => {
    expect(codes({ capDrop: ["NET_RAW"] })).toEqual(["CONFIG_OPENED"]);
    expect(codes({ capDrop: ["cap_net_raw", "all"] })).toEqual([]);
    expect(codes({ dangerouslyAllowExternalBindSources: true })).toEqual(["CONFIG_OPENED"]);
    expect(codes({ network: "container:db", dangerouslyAllowContainerNamespaceJoin: true })).toEqual([
      "CONFIG_OPENED",
    ]);
    expect(codes({}, { browser: { allowHostControl: true, network: "container:db" } })).toEqual([
      "CONFIG_OPENED",
      "error CONFIG_NETWORK_REFUSED",
    ]);
  });

  test("programs of the host, and folders that several sandboxes write to", () => {
    const opened = { dangerouslyAllowExternalBindSources: true };
    const binds = (bind: string, scope: string) =>
      codes({ binds: [bind], ...opened }, { scope }).filter((code) => code !== "CONFIG_OPENED");
    expect(binds("/usr/local/bin/gog:/opt/gog:ro", "session")).toEqual(["CONFIG_BIND_PROGRAMS"]);
    expect(binds("/srv/tools/node_modules:/opt/modules:ro", "session")).toEqual(["CONFIG_BIND_PROGRAMS"]);
    expect(binds("/srv/data:/data", "session")).toEqual(["CONFIG_BIND_SHARED"]);
    expect(binds("/srv/data:/data", "agent")).toEqual(["CONFIG_BIND_SHARED"]);
    expect(binds("/srv/data:/data", "shared")).toEqual([]);
    expect(binds("/srv/data:/data:ro", "session")).toEqual([]);
  });
});

describe("secrets", () => {
  const canary = "canary-7f3a9c";
  const document = documentOf({
    gateway: { port: 1234, bind: "lan", auth: { mode: "token", token: canary } },
    agents: {
      defaults: {
        sandbox: {
          docker: {
            env: {
              ANY_TOKEN: canary,
              FOO: canary,
              HOOK: `https://hooks.example.com/${canary}`,
              PROXY: `http://me:${canary}@proxy:3128`,
              HOME: "/workspace/home",
              URL: "ws://host.docker.internal:18789",
              FLAG: "1",
              BAD: 7,
              "BAD NAME": canary,
            },
            setupCommand: `curl -H 'X: ${canary}'`,
          },
          browser: {
            allowedControlUrls: [`https://b.example.com/?t=${canary}`, `https://u:${canary}@b.example.com`],
          },
        },
      },
    },
  });

  test("are in no listing and no diagnostic", () => {
    const { config, diagnostics } = resolveSandboxConfig(document, "main");
    const listed = listSettings(config);
    expect(JSON.stringify([listed, diagnostics])).not.toContain(canary);
    const shown = Object.fromEntries(listed.map(({ key, value }) => [key, value]));
    expect(shown).toMatchObject({
      "docker.env.FOO": hiddenValue,
      "docker.env.HOOK": hiddenValue,
      "docker.env.HOME": "/workspace/home",
      "docker.env.URL": "ws://host.docker.internal:18789",
      "docker.env.FLAG": "1",
      "docker.setupCommand": hiddenValue,
    });
    // They are there for who makes the container.
    expect(config.docker.env.get("FOO")?.value).toBe(canary);
  });

  test("do not print with the document, nor the gateway's token with its settings", () => {
    const gateway = readGatewaySettings(document);
    expect(gateway.token.value?.()).toBe(canary);
    expect(gateway).toMatchObject({
      port: { value: 1234 },
      bind: { value: "lan" },
      authMode: { value: "token" },
    });
    for (const value of [document, gateway]) {
      expect(JSON.stringify(value)).not.toContain(canary);
      expect(inspect(value, { depth: 10, showHidden: true })).not.toContain(canary);
    }
    const unset = readGatewaySettings(documentOf({ gateway: { port: 0, auth: "x" } }));
    expect(unset).toMatchObject({
      port: { value: 18_789, origin: { file: null } },
      bind: { value: "loopback" },
      token: { value: null },
    });
  });
});
