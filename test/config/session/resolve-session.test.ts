import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultAgentId, findAgent } from "../../../src/config/session/configured-agents.ts";
import { type DmScope, directSessionKey } from "../../../src/config/session/dm-scope.ts";
import { resolveSession, type SessionRequest } from "../../../src/config/session/resolve-session.ts";
import { scopeSlug } from "../../../src/config/session/scope.ts";
import { sandboxSettings } from "../../support/sandbox-settings.ts";

type Config = Readonly<Record<string, unknown>>;

function resolve(config: Config, sessionKey: string, more: Partial<SessionRequest> = {}) {
  return resolveSession({ config, sandboxOf: sandboxSettings(config), sessionKey, ...more });
}

const withMode = (mode: string, more: Config = {}): Config => ({
  agents: { defaults: { sandbox: { mode, ...more } } },
});
const nonMain = withMode("non-main");

describe("under non-main", () => {
  test.each<[string, string | null, boolean, string]>([
    ["main", null, true, "the bare name"],
    ["agent:main:main", null, true, "the whole key"],
    ["Agent:Main:MAIN", null, true, "gateways fold the letters A to Z"],
    ["agent:ops:main", null, true, "each agent has a main session"],
    ["main", "ops", true, "the bare name is the given agent's"],
    ["agent:main:main:thread:17", null, false, "a thread has a key of its own"],
    ["agent:main:telegram:group:-100", null, false, "a group"],
    ["agent:main:telegram:group:-100:topic:7", null, false, "a topic of a group"],
    ["agent:main:slack:channel:c1:thread:17", null, false, "a thread of a channel"],
    ["group:-100", null, false, "a group in the oldest form"],
    ["agent:main:direct:42", null, false, "one person's messages"],
    ["agent:main:telegram:dm:main", null, false, "a person called main"],
    ["cron:nightly", null, false, "a job"],
    ["agent:main:cron:nightly:run:3", null, false, "a run of a job"],
    ["agent:main:subagent:6e0f", null, false, "a subagent"],
    ["hook:6e0f", null, false, "a webhook"],
    ["agent:main:acp:6e0f", null, false, "a client of the agent protocol"],
    ["node-pi", null, false, "a node"],
    ["", null, false, "no key at all is nobody's main session"],
    ["main ", null, false, "blanks are part of a key"],
    ["main\n", null, false, "so are line ends"],
    ["agent:main:maın", null, false, "a letter that looks alike"],
    ["agent:main:\u200bmain", null, false, "a letter that does not show"],
    ["agent::main", null, false, "no agent"],
    ["agent:日本:main", null, false, "an agent that cannot be"],
    ["agent:a/b:main", null, false, "an agent with a slash"],
    ["agent:main", null, false, "half a key"],
  ])("%j of %j: main %s (%s)", (key, agentId, isMain) => {
    const session = resolve(nonMain, key, { agentId });
    expect([session.isMain, session.sandboxed]).toEqual([isMain, !isMain]);
  });

  test("the Kelvin sign is no K", () => {
    const config = { ...nonMain, session: { mainKey: "Kids" } };
    expect(resolve(config, "agent:main:kids").isMain).toBe(true);
    expect(resolve(config, "agent:main:Kids").isMain).toBe(true);
    expect(resolve(config, "agent:main:\u212aids").isMain).toBe(false);
  });

  test.each<[Config, string, string]>([
    [{}, "main", "agent:main:main"],
    [{ session: { mainKey: "home" } }, "home", "agent:main:home"],
    [{ session: { mainKey: "home" } }, "main", "agent:main:home"],
    [{ session: { mainKey: " Home " } }, "agent:main:HOME", "agent:main:home"],
    [{ session: { mainKey: "" } }, "agent:main:main", "agent:main:main"],
    [{ session: { mainKey: 7 } }, "main", "agent:main:main"],
    [{ session: { scope: "global" } }, "global", "agent:main:global"],
    [{ session: { scope: "global" } }, "agent:main:main", "agent:main:global"],
    [{ agents: { list: [{ id: "ops" }] } }, "main", "agent:ops:main"],
  ])("%j calls %j its main session %j, in one form", (config, alias, key) => {
    const session = resolve({ ...nonMain, ...config }, alias);
    expect([session.isMain, session.key]).toEqual([true, key]);
    for (const name of session.mainKeys) {
      expect(resolve({ ...nonMain, ...config }, name, { agentId: session.agentId }).key).toBe(key);
    }
  });

  test("the old spelling of another agent's main key counts where no agent is main", () => {
    const config = { agents: { defaults: { sandbox: { mode: "non-main" } }, list: [{ id: "ops" }] } };
    expect(resolve(config, "agent:main:main", { agentId: "ops" })).toMatchObject({
      agentId: "ops",
      key: "agent:ops:main",
      isMain: true,
    });
    const both = { agents: { list: [{ id: "ops" }, { id: "main" }] } };
    expect(() => resolve(both, "agent:main:main", { agentId: "ops" })).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", message: expect.stringContaining('"main"') }),
    );
  });
});

test.each<[string, string, boolean]>([
  ["off", "cron:x", false],
  ["off", "main", false],
  ["all", "main", true],
  ["all", "cron:x", true],
])("mode %s: %s is sandboxed: %s", (mode, key, sandboxed) => {
  expect(resolve(withMode(mode), key).sandboxed).toBe(sandboxed);
});

test("an agent's own mode comes before that of all agents", () => {
  const config = {
    agents: {
      defaults: { sandbox: { mode: "all" } },
      entries: { Ops: { sandbox: { mode: "off" } } },
    },
  };
  expect(resolve(config, "agent:ops:cron:x").sandboxed).toBe(false);
  expect(resolve(config, "agent:main:main").sandboxed).toBe(true);
  expect(resolve(config, "agent:ops:cron:x").why[0]).toBe(
    'agents.entries.Ops.sandbox.mode is "off": no session is sandboxed by itself.',
  );
});

describe("agents", () => {
  test.each<[string, string]>([
    ["Ops", "ops"],
    ["  ops  ", "ops"],
    ["My Agent!", "my-agent"],
    ["a:b", "a-b"],
    ["---", "main"],
    ["日本", "main"],
    ["", "main"],
    ["x".repeat(300), "x".repeat(64)],
    ["a\nb", "a-b"],
  ])("%j is %j", (written, id) => {
    expect(resolve({}, "cron:x", { agentId: written }).agentId).toBe(id);
  });

  test.each<[Config, string]>([
    [{}, "main"],
    [{ agents: { list: [{ id: "a" }, { id: "b", default: true }] } }, "b"],
    [{ agents: { list: [{ id: "a" }, { id: "main" }] } }, "main"],
    [{ agents: { entries: { a: {}, b: {} } } }, "a"],
    [{ agents: { entries: { a: {} }, list: [{ id: "b", default: true }] } }, "b"],
    [{ agents: { list: "x", entries: 3 } }, "main"],
    [{ agents: { list: [null, "x", {}] } }, "main"],
  ])("the default of %j is %s", (config, id) => {
    expect(defaultAgentId(config)).toBe(id);
  });

  test("an entry counts before an item of the older list, and the first of several", () => {
    const config = {
      agents: {
        entries: { ops: { n: 1 } },
        list: [
          { id: "OPS", n: 2 },
          { id: "b", n: 3 },
          { id: "b", n: 4 },
        ],
      },
    };
    expect(findAgent(config, "ops")).toMatchObject({
      settings: { n: 1 },
      path: ["agents", "entries", "ops"],
    });
    expect(findAgent(config, "b")).toMatchObject({ settings: { n: 3 }, path: ["agents", "list", 1] });
  });
});

describe("scopes", () => {
  test.each<[string, string, string | null, string]>([
    ["session", "main", null, "agent:main:main"],
    ["session", "agent:main:telegram:dm:Bob", null, "agent:main:telegram:dm:Bob"],
    ["session", "cron:x", "ops", "agent:ops:cron:x"],
    ["session", "agent:a b:x", null, "agent:a b:x"],
    ["agent", "agent:Ops:cron:x", null, "ops"],
    ["agent", "cron:x", null, "main"],
    ["shared", "agent:ops:cron:x", null, "shared"],
  ])("%s of %j (%j) is %j", (scope, key, agentId, scopeKey) => {
    const session = resolve(withMode("all", { scope }), key, { agentId });
    expect(session.scope).toEqual({ kind: scope, key: scopeKey });
  });

  test("jobs of one name that two agents have do not share a sandbox", () => {
    const config = withMode("all");
    const keys = ["ops", "main"].map((agentId) => resolve(config, "cron:x", { agentId }).scope.key);
    expect(new Set(keys).size).toBe(2);
  });

  test("hostile keys have a scope each, whatever they are made of", () => {
    const config = withMode("all");
    const piece = fc.constantFrom(
      ..."a:A-_./\n\0 ".split(""),
      ...["agent:", "main", "é", "e\u0301", "\u212a", "k", "日", "\ud800", "\u202e", ":thread:", "cron:"],
      "x".repeat(300),
    );
    const key = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(key, key, (left, right) => {
        const [a, b] = [resolve(config, left), resolve(config, right)];
        // One session has several names: the agent may be left out or written in capitals, the main one is called main.
        if (nameOf(left) === nameOf(right)) return;
        expect(scopeSlug(a.scope)).not.toBe(scopeSlug(b.scope));
      }),
      { numRuns: 2000 },
    );
  });

  test("no sentence shows what a terminal would act on", () => {
    const key = `agent:main:\u001b[2J\u202e${"x".repeat(300)}\n`;
    const { why } = resolve(nonMain, key);
    for (const acting of ["\u001b", "\u202e", "\n"]) expect(why.join("")).not.toContain(acting);
    expect(why.join("")).toContain("\\u001b");
  });
});

/** The rules by which two keys are one, told again in another way. */
function nameOf(key: string): string {
  const match = /^[aA]gent:([A-Za-z0-9][\w-]{0,63}):([\s\S]+)$/.exec(key);
  if (match === null && /^agent:/i.test(key)) return `as is ${key}`;
  const [agent, rest] = match === null ? ["main", key] : [match[1]?.toLowerCase(), match[2] ?? ""];
  return JSON.stringify([agent, /^main$/i.test(rest) ? "main" : rest]);
}

describe("a session that a sandboxed one started", () => {
  const config = {
    agents: {
      defaults: { sandbox: { mode: "all", scope: "session", workspaceAccess: "none" } },
      list: [
        { id: "free", sandbox: { mode: "off", scope: "shared", workspaceAccess: "rw" } },
        { id: "reader", sandbox: { scope: "agent", workspaceAccess: "ro" } },
      ],
    },
  };
  const parent = resolve(config, "agent:main:main");

  test("is sandboxed, in no wider a scope, with no more of the workspace", () => {
    const child = resolve(config, "agent:free:subagent:1", { spawnedBy: parent });
    expect(child.sandboxed).toBe(true);
    expect(child.scope).toEqual({ kind: "session", key: "agent:free:subagent:1" });
    expect(child.workspaceAccess.value).toBe("none");
    expect(child.why.join("\n")).toContain('started by "agent:main:main"');
    expect(resolve(config, "agent:free:subagent:1").sandboxed).toBe(false);
  });

  test("even as a main session, and through several generations", () => {
    const reader = resolve(config, "agent:reader:main", { spawnedBy: null });
    const child = resolve(config, "agent:free:main", { spawnedBy: reader });
    expect(child).toMatchObject({ sandboxed: true, scope: { kind: "session", key: "agent:free:main" } });
    const grandchild = resolve(config, "agent:free:subagent:2", { spawnedBy: child });
    expect(grandchild.scope).toEqual({ kind: "session", key: "agent:free:subagent:2" });
    expect(grandchild.sandboxed).toBe(true);
    expect(grandchild.workspaceAccess.value).toBe("ro");
  });

  test("shares its agent's sandbox where that is as strict", () => {
    const reader = resolve(config, "agent:reader:main");
    expect(resolve(config, "agent:reader:subagent:1", { spawnedBy: reader }).scope).toEqual(reader.scope);
  });

  test("keeps its own confinement where that is stricter", () => {
    const wide = {
      agents: { defaults: { sandbox: { mode: "all", scope: "shared", workspaceAccess: "rw" } } },
    };
    const child = resolve(config, "agent:main:subagent:1", { spawnedBy: resolve(wide, "main") });
    expect([child.scope.kind, child.workspaceAccess.value]).toEqual(["session", "none"]);
  });

  test("is not confined by one that is free itself", () => {
    const free = resolve(config, "agent:free:main");
    expect(resolve(config, "agent:free:subagent:1", { spawnedBy: free }).sandboxed).toBe(false);
  });

  test("is never less confined, whatever is configured", () => {
    const choice = fc.record({
      mode: fc.constantFrom("off", "non-main", "all"),
      scope: fc.constantFrom("session", "agent", "shared"),
      workspaceAccess: fc.constantFrom("none", "ro", "rw"),
    });
    const key = fc.constantFrom("main", "cron:x", "subagent:1", "agent:b:main", "agent:b:telegram:group:1");
    const scopes = ["session", "agent", "shared"];
    const accesses = ["none", "ro", "rw"];
    fc.assert(
      fc.property(choice, choice, fc.array(key, { minLength: 2, maxLength: 4 }), (all, ofB, keys) => {
        const given = { agents: { defaults: { sandbox: all }, entries: { b: { sandbox: ofB } } } };
        keys.reduce(
          (spawnedBy, next) => {
            const child = resolve(given, next, { spawnedBy });
            if (!spawnedBy.sandboxed) return child;
            expect(child.sandboxed).toBe(true);
            expect(scopes.indexOf(child.scope.kind)).toBeLessThanOrEqual(
              scopes.indexOf(spawnedBy.scope.kind),
            );
            expect(accesses.indexOf(child.workspaceAccess.value)).toBeLessThanOrEqual(
              accesses.indexOf(spawnedBy.workspaceAccess.value),
            );
            // A sandbox that others share is made as is configured: it must be as strict as that of this one.
            if (child.scope.kind !== "session") {
              expect(resolve(given, next).sandboxed).toBe(true);
              expect(child.workspaceAccess.value).toBe(child.configured.workspaceAccess.value);
            }
            return child;
          },
          resolve(given, "main"),
        );
      }),
    );
  });
});

describe("direct messages", () => {
  const message = { agentId: "Main", channel: "Telegram", account: null, peer: "Bob" };

  test.each<[DmScope, string, boolean]>([
    ["main", "agent:main:main", false],
    ["per-peer", "agent:main:direct:bob", true],
    ["per-channel-peer", "agent:main:telegram:direct:bob", true],
    ["per-account-channel-peer", "agent:main:telegram:default:direct:bob", true],
  ])("with dmScope %s have the key %s", (dmScope, key, sandboxed) => {
    expect(directSessionKey(message, dmScope, "main")).toBe(key);
    const session = resolve({ ...nonMain, session: { dmScope } }, key);
    expect([session.sandboxed, session.dmScope]).toEqual([sandboxed, dmScope]);
  });
});

test.each<[string, object]>([
  ["agent:main:main", { kind: "main", channel: null }],
  ["agent:main:telegram:dm:42", { kind: "direct", channel: "telegram", subject: "42", account: null }],
  ["agent:main:direct:42", { kind: "direct", channel: null, subject: "42" }],
  [
    "agent:main:discord:work:direct:42",
    { kind: "direct", channel: "discord", account: "work", subject: "42" },
  ],
  [
    "agent:main:telegram:group:-1:topic:9",
    { kind: "group", channel: "telegram", subject: "-1", thread: "9" },
  ],
  [
    "agent:main:matrix:channel:!a:b.org:thread:$e:b.org",
    { kind: "group", subject: "!a:b.org", thread: "$e:b.org" },
  ],
  ["agent:main:discord:work:channel:7", { kind: "group", channel: "discord", account: "work", subject: "7" }],
  ["group:-100", { kind: "group", channel: null, subject: "-100" }],
  ["cron:a:b", { kind: "cron", subject: "a:b" }],
  ["agent:main:cron:x:thread:1", { kind: "cron", subject: "x:thread:1", thread: null }],
  ["agent:main:subagent:group:1", { kind: "subagent", subject: "group:1" }],
  ["agent:main:webchat", { kind: "other", channel: null }],
])("%s is read as %j", (key, route) => {
  expect(resolve({}, key).route).toMatchObject(route);
});
