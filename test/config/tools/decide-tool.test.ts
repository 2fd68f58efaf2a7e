import { describe, expect, test } from "vitest";
import { resolveSession } from "../../../src/config/session/resolve-session.ts";
import { decideTool } from "../../../src/config/tools/decide-tool.ts";
import { decide } from "../../support/decide.ts";
import { sandboxSettings } from "../../support/sandbox-settings.ts";

type Config = Readonly<Record<string, unknown>>;

const main = "agent:main:main";
const job = "agent:main:cron:nightly";

/** Every session sandboxed. */
const boxed = (tools: Config = {}, more: Config = {}): Config => ({
  tools,
  agents: { defaults: { sandbox: { mode: "all" } } },
  ...more,
});
/** Every session sandboxed, and an agent `ops` with tools of its own. */
const boxedOps = (ops: Config, tools: Config = {}): Config =>
  boxed(tools, { agents: { defaults: { sandbox: { mode: "all" } }, list: [{ id: "ops", tools: ops }] } });
const clamp = (lists: Config): Config => ({ sandbox: { tools: lists } });

type Case = readonly [
  reasoning: string,
  config: Config,
  key: string,
  tool: string,
  blockedBy: readonly string[],
];

const deny = "tools.sandbox.tools.deny";
const allow = "tools.sandbox.tools.allow";

/** Judged by hand, each with the reason. `blockedBy` are the keys of the lists that block; none: it is allowed. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  "nothing is configured": [
    ["no layer has a list, and the session is not sandboxed", {}, main, "cron", []],
    ["a plugin's tool is a tool", {}, main, "linear_search", []],
    ["the default clamp allows exec", boxed(), main, "exec", []],
    ["bash is the old name of exec", boxed(), main, "BASH ", []],
    ["the default clamp denies cron by name", boxed(), main, "cron", [deny]],
    ["and gateway", boxed(), main, "gateway", [deny]],
    ["and browser, canvas and nodes", boxed(), main, "browser", [deny]],
    ["and every channel's name", boxed(), main, "telegram", [deny]],
    ["a configured channel is one too", boxed({}, { channels: { Pager: {} } }), main, "pager", [deny]],
    ["web_search is in neither default list: not allowed", boxed(), main, "web_search", [allow]],
    ["so is message", boxed(), main, "message", [allow]],
    ["and a plugin's tool", boxed(), main, "linear_search", [allow]],
    ["image is in the default list", boxed(), main, "image", []],
    ["session_status is too", boxed(), main, "session_status", []],
  ],
  "global lists": [
    [
      "an allow list keeps out what is not in it",
      { tools: { allow: ["read"] } },
      main,
      "exec",
      ["tools.allow"],
    ],
    ["and lets in what is", { tools: { allow: ["read"] } }, main, "read", []],
    ["an empty one allows all", { tools: { allow: [] } }, main, "exec", []],
    ["deny beats allow", { tools: { allow: ["exec"], deny: ["exec"] } }, main, "exec", ["tools.deny"]],
    ["letter case and blanks do not matter", { tools: { deny: [" Exec "] } }, main, "exec", ["tools.deny"]],
    ["a denied bash is a denied exec", { tools: { deny: ["bash"] } }, main, "exec", ["tools.deny"]],
    ["a group means its members", { tools: { deny: ["group:fs"] } }, main, "edit", ["tools.deny"]],
    ["and nothing else", { tools: { deny: ["group:fs"] } }, main, "exec", []],
    [
      "the old name of exec is in its group",
      { tools: { deny: ["group:runtime"] } },
      main,
      "bash",
      ["tools.deny"],
    ],
    ["* is everything", { tools: { deny: ["*"] } }, main, "session_status", ["tools.deny"]],
    ["* inside a name", { tools: { allow: ["web_*"] } }, main, "web_fetch", []],
    ["must fit the whole of it", { tools: { allow: ["web_*"] } }, main, "my_web_fetch", ["tools.allow"]],
    ["a dot is a dot", { tools: { deny: ["e.ec"] } }, main, "exec", []],
    ["a question mark is none either", { tools: { deny: ["exe?"] } }, main, "exec", []],
    ["an unknown group means nothing", { tools: { deny: ["group:nope"] } }, main, "exec", []],
    [
      "alsoAllow adds to an allow list",
      { tools: { allow: ["read"], alsoAllow: ["exec"] } },
      main,
      "exec",
      [],
    ],
    ["on top of no list it keeps nothing out", { tools: { alsoAllow: ["exec"] } }, main, "read", []],
    [
      "a global allow list counts in a sandbox too",
      boxed({ allow: ["read"] }),
      main,
      "exec",
      ["tools.allow"],
    ],
    ["being in it does not put a tool into the sandbox's", boxed({ allow: ["cron"] }), main, "cron", [deny]],
    [
      "nor does the sandbox's help against it",
      boxed({ allow: ["read"], ...clamp({ allow: ["cron"] }) }),
      main,
      "cron",
      ["tools.allow"],
    ],
  ],
  profiles: [
    ["minimal has session_status alone", { tools: { profile: "minimal" } }, main, "read", ["tools.profile"]],
    ["which it lets in", { tools: { profile: "minimal" } }, main, "session_status", []],
    ["coding has files", { tools: { profile: "coding" } }, main, "apply_patch", []],
    ["but no web", { tools: { profile: "coding" } }, main, "web_fetch", ["tools.profile"]],
    [
      "messaging has no sessions_spawn",
      { tools: { profile: "messaging" } },
      main,
      "sessions_spawn",
      ["tools.profile"],
    ],
    ["full has everything", { tools: { profile: "full" } }, main, "gateway", []],
    ["alsoAllow adds to a profile", { tools: { profile: "minimal", alsoAllow: ["cron"] } }, main, "cron", []],
    [
      "an agent's profile comes in place of the global one",
      { tools: { profile: "minimal" }, agents: { list: [{ id: "main", tools: { profile: "coding" } }] } },
      main,
      "read",
      [],
    ],
    [
      "and an agent's alsoAllow in place of the global one",
      {
        tools: { profile: "minimal", alsoAllow: ["cron"] },
        agents: { list: [{ id: "main", tools: { alsoAllow: ["read"] } }] },
      },
      main,
      "cron",
      ["tools.profile"],
    ],
    [
      "one that does not exist lets nothing in",
      { tools: { profile: "codnig" } },
      main,
      "read",
      ["tools.profile"],
    ],
    [
      "a profile says nothing against a deny",
      { tools: { profile: "coding", deny: ["exec"] } },
      main,
      "exec",
      ["tools.deny"],
    ],
  ],
  "the sandbox clamp": [
    [
      "a session outside of a sandbox does not meet it",
      { tools: clamp({ deny: ["exec"] }) },
      main,
      "exec",
      [],
    ],
    ["an explicit allow replaces the default one", boxed(clamp({ allow: ["read"] })), main, "exec", [allow]],
    ["but for image, which is always allowed", boxed(clamp({ allow: ["read"] })), main, "image", []],
    ["unless denied", boxed(clamp({ allow: ["read"], deny: ["image"] })), main, "image", [deny]],
    ["an explicit allow lifts a default deny", boxed(clamp({ allow: ["cron"] })), main, "cron", []],
    ["by group as well", boxed(clamp({ allow: ["group:automation"] })), main, "gateway", []],
    ["and by *", boxed(clamp({ allow: ["*"] })), main, "telegram", []],
    ["unless deny is set too", boxed(clamp({ allow: ["cron"], deny: ["cron"] })), main, "cron", [deny]],
    ["a deny that is set replaces the default one", boxed(clamp({ deny: ["exec"] })), main, "exec", [deny]],
    ["which leaves cron out of the default allow", boxed(clamp({ deny: ["exec"] })), main, "cron", [allow]],
    ["allow: [] allows all but the default denies", boxed(clamp({ allow: [] })), main, "web_fetch", []],
    ["it names nothing, so it lifts nothing", boxed(clamp({ allow: [] })), main, "cron", [deny]],
    [
      "deny: [] denies nothing, and the default allow stays",
      boxed(clamp({ deny: [] })),
      main,
      "cron",
      [allow],
    ],
    ["both empty allow everything", boxed(clamp({ allow: [], deny: [] })), main, "gateway", []],
    ["alsoAllow adds to the default list", boxed(clamp({ alsoAllow: ["web_fetch"] })), main, "web_fetch", []],
    ["and keeps what is in it", boxed(clamp({ alsoAllow: ["web_fetch"] })), main, "exec", []],
    ["and lifts a default deny", boxed(clamp({ alsoAllow: ["cron"] })), main, "cron", []],
    [
      "an agent's allow replaces the global one",
      boxedOps(clamp({ allow: ["read"] }), clamp({ allow: ["exec"] })),
      "agent:ops:main",
      "exec",
      ["agents.list.0.tools.sandbox.tools.allow"],
    ],
    [
      "while its deny still comes from the global one",
      boxedOps(clamp({ allow: ["cron"] }), clamp({ deny: ["cron"] })),
      "agent:ops:main",
      "cron",
      [deny],
    ],
    [
      "an agent's empty deny replaces the global one",
      boxedOps(clamp({ deny: [] }), clamp({ deny: ["exec"] })),
      "agent:ops:main",
      "exec",
      [],
    ],
    [
      "other agents have the global one",
      boxedOps(clamp({ deny: [] }), clamp({ deny: ["exec"] })),
      main,
      "exec",
      [deny],
    ],
    [
      "under non-main the main session does not meet it",
      { agents: { defaults: { sandbox: { mode: "non-main" } } } },
      main,
      "cron",
      [],
    ],
    [
      "a job is never the main session, and does",
      { agents: { defaults: { sandbox: { mode: "non-main" } } } },
      "cron:nightly",
      "cron",
      [deny],
    ],
    ["under off a job does not", {}, job, "cron", []],
  ],
  agents: [
    [
      "an agent's lists come on top of the global ones",
      { tools: { allow: ["read", "exec"] }, agents: { entries: { ops: { tools: { deny: ["exec"] } } } } },
      "agent:ops:main",
      "exec",
      ["agents.entries.ops.tools.deny"],
    ],
    [
      "and cannot give back what those deny",
      { tools: { deny: ["exec"] }, agents: { entries: { ops: { tools: { allow: ["exec"] } } } } },
      "agent:ops:main",
      "exec",
      ["tools.deny"],
    ],
    [
      "both may block",
      { tools: { allow: ["read"] }, agents: { entries: { ops: { tools: { deny: ["group:runtime"] } } } } },
      "agent:ops:main",
      "exec",
      ["tools.allow", "agents.entries.ops.tools.deny"],
    ],
    [
      "an agent is found by its id in any letter case",
      { agents: { list: [{ id: "Ops", tools: { deny: ["exec"] } }] } },
      "agent:ops:main",
      "exec",
      ["agents.list.0.tools.deny"],
    ],
  ],
  "read-only workspaces": [
    ...["write", "edit", "apply_patch"].map(
      (tool): Case => [
        `${tool} writes`,
        { agents: { defaults: { sandbox: { mode: "all", workspaceAccess: "ro" } } } },
        main,
        tool,
        ["agents.defaults.sandbox.workspaceAccess"],
      ],
    ),
    [
      "read does not",
      { agents: { defaults: { sandbox: { mode: "all", workspaceAccess: "ro" } } } },
      main,
      "read",
      [],
    ],
    [
      "nor is a session outside of a sandbox concerned",
      { agents: { defaults: { sandbox: { mode: "off", workspaceAccess: "ro" } } } },
      main,
      "write",
      [],
    ],
    [
      "an agent's own access counts",
      {
        agents: {
          defaults: { sandbox: { mode: "all", workspaceAccess: "rw" } },
          list: [{ id: "ops", sandbox: { workspaceAccess: "ro" } }],
        },
      },
      "agent:ops:main",
      "write",
      ["agents.list.0.sandbox.workspaceAccess"],
    ],
  ],
  subagents: [
    [
      "may not start others by default",
      {},
      "agent:main:subagent:1",
      "sessions_spawn",
      ["tools.subagents.tools.deny"],
    ],
    ["nor schedule", {}, "agent:main:subagent:1", "cron", ["tools.subagents.tools.deny"]],
    ["may run commands", {}, "agent:main:subagent:1", "exec", []],
    [
      "what is denied to them comes on top of the default",
      { tools: { subagents: { tools: { deny: ["exec"] } } } },
      "agent:main:subagent:1",
      "cron",
      ["tools.subagents.tools.deny"],
    ],
    [
      "and an explicit allow lifts that",
      { tools: { subagents: { tools: { alsoAllow: ["cron"] } } } },
      "agent:main:subagent:1",
      "cron",
      [],
    ],
    [
      "other sessions do not meet it",
      { tools: { subagents: { tools: { deny: ["exec"] } } } },
      main,
      "exec",
      [],
    ],
  ],
  groups: [
    [
      "a group's own lists",
      { channels: { telegram: { groups: { "-100": { tools: { deny: ["exec"] } } } } } },
      "agent:main:telegram:group:-100",
      "exec",
      ["channels.telegram.groups.-100.tools.deny"],
    ],
    [
      "hold for its topics",
      { channels: { telegram: { groups: { "-100": { tools: { deny: ["exec"] } } } } } },
      "agent:main:telegram:group:-100:topic:7",
      "exec",
      ["channels.telegram.groups.-100.tools.deny"],
    ],
    [
      "and not for another",
      { channels: { telegram: { groups: { "-100": { tools: { deny: ["exec"] } } } } } },
      "agent:main:telegram:group:-200",
      "exec",
      [],
    ],
    [
      "which has those of all groups",
      { channels: { telegram: { groups: { "-100": { tools: {} }, "*": { tools: { allow: ["read"] } } } } } },
      "agent:main:telegram:group:-200",
      "exec",
      ["channels.telegram.groups.*.tools.allow"],
    ],
    [
      "a group with lists of its own does not",
      { channels: { telegram: { groups: { "-100": { tools: {} }, "*": { tools: { allow: ["read"] } } } } } },
      "agent:main:telegram:group:-100",
      "exec",
      [],
    ],
    [
      "Slack calls them channels",
      { channels: { slack: { channels: { C1: { tools: { deny: ["exec"] } } } } } },
      "agent:main:slack:channel:c1",
      "exec",
      ["channels.slack.channels.C1.tools.deny"],
    ],
    [
      "Discord has them in guilds",
      { channels: { discord: { guilds: { g: { channels: { "7": { tools: { deny: ["exec"] } } } } } } } },
      "agent:main:discord:channel:7",
      "exec",
      ["channels.discord.guilds.g.channels.7.tools.deny"],
    ],
  ],
  "lists that are none": [
    ["a text lets nothing through", { tools: { allow: "exec" } }, main, "exec", ["tools.allow"]],
    ["nor does a denied one", { tools: { deny: "read" } }, main, "exec", ["tools.deny"]],
    ["nor a list with something else in it", { tools: { deny: ["read", 7] } }, main, "exec", ["tools.deny"]],
    ["nor an empty name", { tools: { allow: [""] } }, main, "exec", ["tools.allow"]],
    ["nor null", { tools: { allow: null } }, main, "exec", ["tools.allow"]],
    ["nor something else than a map", { tools: ["exec"] }, main, "exec", ["tools"]],
    ["keys of JavaScript are no lists", { tools: { constructor: ["x"] } }, main, "exec", []],
  ],
};

for (const [title, rows] of Object.entries(cases)) {
  describe(title, () => {
    test.each(rows)("%s", (_reasoning, config, key, tool, blockedBy) => {
      const decision = decide(config, key, tool);
      expect(decision.blockedBy.map((layer) => layer.key)).toEqual(blockedBy);
      expect(decision.allowed).toBe(blockedBy.length === 0);
    });
  });
}

describe("providers", () => {
  const config = {
    tools: {
      byProvider: {
        " OpenAI ": { profile: "minimal" },
        "openai/gpt-5": { deny: ["exec"] },
        google: { alsoAllow: ["cron"], profile: "minimal" },
      },
    },
    agents: { list: [{ id: "main", tools: { byProvider: { openai: { deny: ["read"] } } } }] },
  };
  test.each<[string, string | null, string, readonly string[]]>([
    ["not known: no provider's lists count", null, "exec", []],
    ["another one", "mistral", "exec", []],
    ["the provider's profile", "openai/o3", "exec", ['tools.byProvider[" OpenAI "].profile']],
    [
      "its model's lists come in place of its own",
      "openai/gpt-5",
      "exec",
      ['tools.byProvider["openai/gpt-5"].deny'],
    ],
    ["which say nothing of other tools", "openai/gpt-5", "write", []],
    [
      "the agent's lists for it, and its profile",
      "OPENAI",
      "read",
      ['tools.byProvider[" OpenAI "].profile', "agents.list.0.tools.byProvider.openai.deny"],
    ],
    ["alsoAllow adds to its profile", "google", "cron", []],
  ])("%s", (_reasoning, provider, tool, blockedBy) => {
    expect(decide(config, main, tool, { provider }).blockedBy.map(({ key }) => key)).toEqual(blockedBy);
  });
});

test("a subagent that a group's session started has the group's lists", () => {
  const config = { channels: { telegram: { groups: { "-100": { tools: { deny: ["exec"] } } } } } };
  const sandboxOf = sandboxSettings(config);
  const spawnedBy = resolveSession({ config, sandboxOf, sessionKey: "agent:main:telegram:group:-100" });
  const session = resolveSession({ config, sandboxOf, sessionKey: "agent:main:subagent:1", spawnedBy });
  expect(decideTool({ config, session, tool: "exec" }).blockedBy).toMatchObject([{ layer: "group" }]);
});

test("a group that the caller names counts where the key names none", () => {
  const config = { channels: { signal: { groups: { G: { tools: { deny: ["exec"] } } } } } };
  expect(decide(config, "group:G", "exec").allowed).toBe(true);
  expect(decide(config, "group:G", "exec", { channel: "signal", group: "G" }).allowed).toBe(false);
});

test("a child of a read-only sandbox writes nothing, whatever its own agent may", () => {
  const config = {
    agents: {
      defaults: { sandbox: { mode: "all", workspaceAccess: "rw" } },
      list: [{ id: "reader", sandbox: { workspaceAccess: "ro" } }],
    },
  };
  const sandboxOf = sandboxSettings(config);
  const spawnedBy = resolveSession({ config, sandboxOf, sessionKey: "agent:reader:main" });
  const session = resolveSession({ config, sandboxOf, sessionKey: "agent:main:subagent:1", spawnedBy });
  expect(decideTool({ config, session, tool: "write" })).toMatchObject({
    blockedBy: [{ layer: "workspace access", key: "agents.list.0.sandbox.workspaceAccess" }],
    smallestChange: [{ op: "set", path: ["agents", "list", 0, "sandbox", "workspaceAccess"], value: "rw" }],
  });
});

test("every layer is told, in its order, with the entry that decided and its place", () => {
  const config = boxed({ allow: ["group:runtime"], sandbox: { tools: { deny: ["read", "e*"] } } });
  const placeOf = (path: readonly (string | number)[]) => ({ file: path.join("/"), line: 1, column: 1 });
  const { layers } = decide(config, main, "Bash", { placeOf });
  expect(
    layers.map(({ layer, verdict, list, source, entry, place }) => [
      layer,
      verdict,
      list,
      source,
      entry,
      place?.file ?? null,
    ]),
  ).toEqual([
    ["profile", "absent", null, null, null, null],
    ["provider profile", "absent", null, null, null, null],
    ["global", "passes", "allow", "written", "group:runtime", "tools/allow/0"],
    ["provider", "absent", null, null, null, null],
    ["agent", "absent", null, null, null, null],
    ["agent provider", "absent", null, null, null, null],
    ["group", "absent", null, null, null, null],
    ["sandbox", "blocks", "deny", "written", "e*", "tools/sandbox/tools/deny/1"],
    ["workspace access", "absent", null, null, null, null],
    ["subagent", "absent", null, null, null, null],
  ]);
});
