import { expect, test } from "vitest";
import { gatewayTagPrefixes, hasTagPrefix, tagAliases, toTagPrefix } from "../../src/cli/tag-prefix.ts";

test("a default tag has another name for each gateway that looks for one", () => {
  expect(gatewayTagPrefixes).toEqual(["openclaw-", "moltbot-", "clawdbot-"]);
  expect(tagAliases("openclaw-sandbox:bookworm-slim", gatewayTagPrefixes)).toEqual([
    "moltbot-sandbox:bookworm-slim",
    "clawdbot-sandbox:bookworm-slim",
  ]);
  expect(tagAliases("openclaw-sandbox:bookworm-slim", ["openclaw-"])).toEqual([]);
});

test("a tag under a prefix that was asked for has none", () => {
  expect(tagAliases("registry.corp/openclaw-sandbox:x", ["clawdbot-"])).toEqual([]);
});

test.each([
  [null, "openclaw-"],
  ["moltbot", "moltbot-"],
  ["moltbot-", "moltbot-"],
  ["registry.corp:5000/team/openclaw", "registry.corp:5000/team/openclaw-"],
  ["registry.corp/team/", "registry.corp/team/"],
])("the prefix %j means %j", (option, prefix) => {
  expect(toTagPrefix(option)).toBe(prefix);
});

test.each([
  ["openclaw-sandbox:bookworm-slim", null, true],
  ["openclaw-sandbox-skills:mine", null, true],
  ["openclaw-sandbox-skills:mine", "openclaw", true],
  ["openclaw-test-sandbox-skills:mine", null, false],
  ["openclaw-test-sandbox-skills:mine", "openclaw-test", true],
  ["registry.corp/team/sandbox:x", "registry.corp/team/", true],
  ["moltbot-sandbox:x", null, false],
])("the tag %s under the prefix %j: %j", (tag, option, expected) => {
  expect(hasTagPrefix(tag, option)).toBe(expected);
});
