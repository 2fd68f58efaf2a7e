import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { valueAt } from "../../../src/config/session/key-path.ts";
import { resolveSession } from "../../../src/config/session/resolve-session.ts";
import { applyConfigEdits, type ConfigEdit } from "../../../src/config/tools/config-edit.ts";
import { decideTool } from "../../../src/config/tools/decide-tool.ts";
import { describeEdit } from "../../../src/config/tools/describe-tool-decision.ts";
import { asObject } from "../../../src/skill/own-value.ts";
import { decide } from "../../support/decide.ts";
import { sandboxSettings } from "../../support/sandbox-settings.ts";

const main = "agent:main:main";
const boxed = { agents: { defaults: { sandbox: { mode: "all" } } } };

describe("the least change in words", () => {
  test.each<[string, object, string, readonly string[]]>([
    ["none where it is allowed", {}, "exec", []],
    [
      "cron by default: one entry frees it of both lists",
      boxed,
      "cron",
      ['add "cron" to tools.sandbox.tools.alsoAllow'],
    ],
    [
      "for an agent with settings it is the agent's own list, and nobody else's",
      { agents: { ...boxed.agents, list: [{ id: "main" }] } },
      "cron",
      ['add "cron" to agents.list.0.tools.sandbox.tools.alsoAllow'],
    ],
    [
      "a list that is there is added to",
      { ...boxed, tools: { sandbox: { tools: { allow: ["read"] } } } },
      "cron",
      ['add "cron" to tools.sandbox.tools.allow'],
    ],
    [
      "allow: [] must not become a list that keeps others out",
      { ...boxed, tools: { sandbox: { tools: { allow: [] } } } },
      "cron",
      ['add "cron" to tools.sandbox.tools.alsoAllow'],
    ],
    [
      "both global lists and the sandbox's",
      {
        ...boxed,
        tools: { allow: ["read"], sandbox: { tools: { allow: ["read"], deny: ["cron", "exec"] } } },
      },
      "cron",
      [
        'add "cron" to tools.allow',
        'take "cron" out of tools.sandbox.tools.deny',
        'add "cron" to tools.sandbox.tools.allow',
      ],
    ],
    [
      "a group keeps its other members",
      { tools: { deny: ["group:automation"] } },
      "cron",
      ['take "group:automation" out of tools.deny, and put in its place "gateway"'],
    ],
    [
      "but those that are denied anyway",
      { tools: { deny: ["group:web", "WEB_*", "web_search"] } },
      "web_fetch",
      ['take "group:web" out of tools.deny', 'take "WEB_*" out of tools.deny'],
    ],
    [
      "an older name is taken out as it is written",
      { tools: { deny: ["bash"] } },
      "exec",
      ['take "bash" out of tools.deny'],
    ],
    ["a profile is added to", { tools: { profile: "minimal" } }, "read", ['add "read" to tools.alsoAllow']],
    [
      "or replaced by the next that has it, where gateways refuse both lists",
      { tools: { profile: "minimal", allow: ["session_status", "read"] } },
      "read",
      ['set tools.profile to "coding"'],
    ],
    [
      "one that does not exist is replaced",
      { tools: { profile: "x" } },
      "message",
      ['set tools.profile to "messaging"'],
    ],
    ["a text where a list belongs", { tools: { deny: "exec" } }, "exec", ["set tools.deny to []"]],
    [
      "a list with a number in it",
      { tools: { allow: ["read", 7] } },
      "exec",
      ['set tools.allow to ["read","exec"]'],
    ],
    ["something else than settings", { tools: 7 }, "exec", ["set tools to {}"]],
    [
      "a workspace that can only be read",
      { agents: { defaults: { sandbox: { mode: "all", workspaceAccess: "ro" } } } },
      "write",
      ['set agents.defaults.sandbox.workspaceAccess to "rw"'],
    ],
    ["a subagent's default", { tools: { subagents: { tools: { deny: ["read"] } } } }, "sessions_list", []],
  ])("%s", (_reasoning, config, tool, lines) => {
    expect(decide(config, main, tool).smallestChange.map(describeEdit)).toEqual(lines);
  });
});

const name = fc.constantFrom(
  ...["exec", "bash", "Read", "write", "edit", "cron", "gateway", "browser", "image", "message", "web_fetch"],
  ...["sessions_list", "sessions_spawn", "telegram", "plugin_tool"],
);
const entry = fc.oneof(
  { weight: 3, arbitrary: name },
  fc.constantFrom("group:fs", "group:runtime", "group:automation", "group:sessions", "group:nope"),
  fc.constantFrom("*", "s*", "*e*", "web_*", "group:*", ""),
);
const list = fc.oneof(
  { weight: 8, arbitrary: fc.array(entry, { maxLength: 4 }) },
  fc.constantFrom<unknown>("exec", 7, null, ["exec", 7], {}),
);
const lists = { allow: list, alsoAllow: list, deny: list };
const some: { requiredKeys: never[] } = { requiredKeys: [] };
const plain = fc.record(lists, some);
const profile = fc.constantFrom<unknown>("minimal", "coding", "messaging", "full", "nope", 3);
const provided = fc.dictionary(
  fc.constantFrom("openai", "OpenAI/o3"),
  fc.record({ ...lists, profile }, some),
);
const tools = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record(
      {
        ...lists,
        profile,
        byProvider: provided,
        sandbox: fc.record({ tools: plain }, some),
        subagents: fc.record({ tools: plain }, some),
      },
      some,
    ),
  },
  fc.constantFrom<unknown>([], "exec", 3),
);
const sandbox = fc.record(
  { mode: fc.constantFrom("off", "non-main", "all"), workspaceAccess: fc.constantFrom("none", "ro", "rw") },
  some,
);
const agent = fc.record({ tools, sandbox }, some);
const config = fc.record(
  {
    tools,
    agents: fc.record({
      defaults: fc.record({ sandbox }),
      list: fc.tuple(agent, agent).map(([ops, mine]) => [
        { ...ops, id: "ops" },
        { ...mine, id: "main" },
      ]),
    }),
    channels: fc.record(
      {
        telegram: fc.record({
          groups: fc.dictionary(fc.constantFrom("1", "*"), fc.record({ tools: plain }, some)),
        }),
      },
      some,
    ),
  },
  some,
);
const key = fc.constantFrom(
  ...["main", "cron:x", "agent:ops:main", "agent:ops:subagent:1", "agent:main:telegram:group:1"],
);
/** Of a session and those that started it, the youngest first. */
const keys = fc.array(key, { minLength: 1, maxLength: 3 });
const provider = fc.constantFrom(null, "openai", "openai/o3");

function allowed(
  given: unknown,
  [own = "main", ...ancestors]: readonly string[],
  tool: string,
  of: string | null,
) {
  return decideAmong(given, [own, ...ancestors], tool, of).allowed;
}

function decideAmong(given: unknown, names: readonly string[], tool: string, of: string | null) {
  const sandboxOf = sandboxSettings(given);
  const session = names.reduceRight<ReturnType<typeof resolveSession> | null>(
    (spawnedBy, sessionKey) => resolveSession({ config: given, sandboxOf, sessionKey, spawnedBy }),
    null,
  );
  if (session === null) throw new Error("no session was named");
  return decideTool({ config: given, session, tool, provider: of });
}

describe("whatever is configured", () => {
  test("the least change lets the tool pass, and no part of it does", () => {
    let blocked = 0;
    fc.assert(
      fc.property(config, keys, name, provider, (given, names, tool, of) => {
        const before = JSON.stringify(given);
        const { smallestChange, allowed: passes } = decideAmong(given, names, tool, of);
        expect(JSON.stringify(given)).toBe(before);
        expect(passes).toBe(smallestChange.length === 0);
        if (passes) return;
        blocked += 1;
        expect(allowed(applyConfigEdits(given, smallestChange), names, tool, of)).toBe(true);
        for (const part of properSubsets(smallestChange)) {
          expect(allowed(applyConfigEdits(given, part), names, tool, of)).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
    expect(blocked).toBeGreaterThan(100);
  });

  test("the least change of a readable configuration keeps every other tool denied by a list that denied it", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), name, name, (deny, tool, other) => {
        const given = { tools: { deny: deny.filter((word) => word !== "") } };
        const { smallestChange } = decide(given, main, tool);
        if (
          decide(given, main, other).allowed ||
          decide({}, main, tool).tool === decide({}, main, other).tool
        )
          return;
        if (other === "plugin_tool") return; // A pattern names no tools that only a plugin knows.
        expect(decide(applyConfigEdits(given, smallestChange), main, other).allowed).toBe(false);
      }),
    );
  });

  test("deny beats allow, and an entry more in a denied list never allows anything", () => {
    fc.assert(
      fc.property(config, keys, name, name, (given, names, tool, more) => {
        // An entry cannot be added to what is no list; putting one in its place is another change.
        fc.pre(isListOfNames(valueAt(given, ["tools", "deny"])) && !isMisplaced(valueAt(given, ["tools"])));
        const deny = [{ op: "add", path: ["tools", "deny"], value: more }] as const;
        const denied = applyConfigEdits(given, deny);
        if (allowed(denied, names, tool, null)) expect(allowed(given, names, tool, null)).toBe(true);
        expect(allowed(denied, names, more, null)).toBe(false);
      }),
    );
  });

  test("a layer only removes: a tool passes if every layer lets it, and blocks wherever one does", () => {
    fc.assert(
      fc.property(config, keys, name, provider, (given, names, tool, of) => {
        const { layers, blockedBy, allowed: passes } = decideAmong(given, names, tool, of);
        expect(passes).toBe(layers.every(({ verdict }) => verdict !== "blocks"));
        expect(blockedBy).toEqual(layers.filter(({ verdict }) => verdict === "blocks"));
      }),
    );
  });
});

function isListOfNames(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every((item) => typeof item === "string"));
}

function isMisplaced(value: unknown): boolean {
  return value !== undefined && asObject(value) === null;
}

/** All of them, or of many edits those that lack one. */
function properSubsets(edits: readonly ConfigEdit[]): readonly (readonly ConfigEdit[])[] {
  if (edits.length > 4) return edits.map((left) => edits.filter((edit) => edit !== left));
  const masks = Array.from({ length: 2 ** edits.length - 1 }, (_, mask) => mask);
  return masks.map((mask) => edits.filter((_, index) => (mask >> index) % 2 === 1));
}
