import { expect, test } from "vitest";
import { checkToolLists } from "../../../src/config/tools/check-tool-lists.ts";

const placeOf = (path: readonly (string | number)[]) => ({ file: path.join("/"), line: 1, column: 1 });

function found(config: unknown): readonly string[] {
  return checkToolLists(config, placeOf).map(({ code, place, hint }) => `${code} ${place?.file} ${hint}`);
}

test.each<[string, unknown, readonly RegExp[]]>([
  ["nothing in nothing", undefined, []],
  [
    "names, groups, patterns, older names, channels",
    { tools: { allow: ["Exec", "group:fs", "web_*", "bash", "telegram"] } },
    [],
  ],
  ["a plugin's name, which is like no other", { tools: { allow: ["linear_issue_search"] } }, []],
  ["a channel that is configured", { channels: { pager: {} }, tools: { deny: ["pager"] } }, []],
  ["a slip", { tools: { deny: ["exce"] } }, [/^TOOL_NAME_UNKNOWN tools\/deny\/0 Did you mean "exec"/]],
  [
    "a slip in a long name",
    { tools: { allow: ["read", "session_histroy"] } },
    [/tools\/allow\/1 Did you mean "sessions_history"/],
  ],
  [
    "a group that is not there",
    { tools: { deny: ["group:run"] } },
    [/^TOOL_GROUP_UNKNOWN tools\/deny\/0 Write one of: group:fs, /],
  ],
  [
    "a slip in a group",
    { tools: { deny: ["group:runtme"] } },
    [/^TOOL_GROUP_UNKNOWN .* Did you mean "group:runtime"/],
  ],
  [
    "a profile that is not there",
    { tools: { profile: "codng" } },
    [/^TOOL_PROFILE_UNKNOWN tools\/profile Did you mean "coding"/],
  ],
  [
    "a profile that is no text",
    { tools: { profile: 7 } },
    [/^TOOL_PROFILE_UNKNOWN tools\/profile Write one of: minimal/],
  ],
  [
    "a text for a list",
    { tools: { allow: "exec" } },
    [/^TOOL_LIST_SHAPE tools\/allow Write a list of texts/],
  ],
  ["a number in a list", { tools: { deny: ["exec", 7] } }, [/^TOOL_LIST_SHAPE tools\/deny/]],
  ["no map", { tools: ["exec"] }, [/^TOOL_LIST_SHAPE tools Write a map/]],
  [
    "both lists in one place",
    { tools: { allow: ["read"], alsoAllow: ["exec"] } },
    [/^TOOL_LISTS_EXCLUSIVE tools\/alsoAllow/],
  ],
  [
    "wherever lists can be",
    {
      tools: {
        byProvider: { openai: { deny: ["exce"] } },
        sandbox: { tools: { allow: ["exce"] } },
        subagents: { tools: { alsoAllow: ["exce"] } },
      },
      agents: {
        entries: { a: { tools: { deny: ["exce"], sandbox: { tools: { deny: ["exce"] } } } } },
        list: [{ id: "b", tools: { byProvider: { x: { allow: ["exce"] } } } }],
      },
      channels: {
        telegram: {
          groups: { "*": { tools: { deny: ["exce"] } } },
          accounts: { a: { groups: { g: { tools: { deny: ["exce"] } } } } },
        },
        slack: { channels: { c: { tools: { deny: ["exce"] } } } },
        discord: { guilds: { g: { channels: { c: { tools: { deny: ["exce"] } } } } } },
      },
    },
    [
      /tools\/sandbox\/tools\/allow\/0/,
      /tools\/byProvider\/openai\/deny\/0/,
      /agents\/entries\/a\/tools\/deny\/0/,
      /agents\/entries\/a\/tools\/sandbox\/tools\/deny\/0/,
      /agents\/list\/0\/tools\/byProvider\/x\/allow\/0/,
      /tools\/subagents\/tools\/alsoAllow\/0/,
      /channels\/telegram\/groups\/\*\/tools\/deny\/0/,
      /channels\/telegram\/accounts\/a\/groups\/g\/tools\/deny\/0/,
      /channels\/slack\/channels\/c\/tools\/deny\/0/,
      /channels\/discord\/guilds\/g\/channels\/c\/tools\/deny\/0/,
    ],
  ],
])("%s", (_what, config, expected) => {
  expect(found(config)).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
});

test("what a message quotes is escaped and cut", () => {
  const [finding] = checkToolLists({ tools: { profile: `\u001b[2J\u202e${"x".repeat(300)}` } });
  expect(finding?.message).not.toContain("\u001b");
  expect(finding?.message).not.toContain("\u202e");
  expect(finding?.message.length).toBeLessThan(200);
});

test("of ten thousand unknown names the first thousand are looked at", () => {
  const plugins = (count: number) => Array.from({ length: count }, (_, index) => `plugin_${index}`);
  const slips = (deny: readonly string[]) => checkToolLists({ tools: { deny } }).length;
  expect(slips([...plugins(999), "exce", ...plugins(9000)])).toBe(1);
  expect(slips([...plugins(1000), "exce"])).toBe(0);
});
