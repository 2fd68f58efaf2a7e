import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SkillcrateError } from "../../../../src/diagnostic/skillcrate-error.ts";
import { loadWebPolicy } from "../../../../src/sandbox/browser/web-proxy/load-web-policy.ts";
import { publicWeb } from "../../../../src/sandbox/browser/web-proxy/web-policy.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

function stateWith(text: string): string {
  const stateDir = tempFolder();
  writeFileSync(join(stateDir, "browser-web.json5"), text);
  return stateDir;
}

function problemsOf(
  stateDir: string,
  ...named: Parameters<typeof loadWebPolicy> extends [string, ...infer More] ? More : never
) {
  try {
    loadWebPolicy(stateDir, ...named);
  } catch (error) {
    if (error instanceof SkillcrateError) {
      return error.diagnostics.map(({ code, place }) => [code, place?.line ?? 0, place?.column ?? 0]);
    }
    throw error;
  }
  return [];
}

const texts = (entries: readonly { text: string }[] | null) => entries?.map(({ text }) => text) ?? null;

describe("loadWebPolicy", () => {
  it("is the public web where nobody says anything", () => {
    expect(loadWebPolicy(tempFolder())).toEqual(publicWeb);
    expect(loadWebPolicy(stateWith("{}"))).toEqual(publicWeb);
  });

  it("reads the file, and adds what the caller denies to it", () => {
    const stateDir = stateWith(`{
      // Only these.
      allow: ["*.example.com"],
      deny: ["secret.example.com"],
      upstreamProxy: "http://proxy.example:3128",
    }`);
    const policy = loadWebPolicy(stateDir, { deny: ["*:25"] });
    expect(texts(policy.allow)).toEqual(["*.example.com"]);
    expect(texts(policy.deny)).toEqual(["secret.example.com", "*:25"]);
    expect(policy.upstream).toMatchObject({ host: "proxy.example", port: 3128 });
    const named = loadWebPolicy(stateDir, { allow: ["10.0.0.1"], upstreamProxy: "http://other" });
    expect([texts(named.allow), texts(named.deny), named.upstream?.host]).toEqual([
      ["10.0.0.1"],
      ["secret.example.com"],
      "other",
    ]);
    expect(texts(loadWebPolicy(stateDir, { allow: [] }).allow)).toEqual([]);
  });

  it.each([
    ["", "WEB_POLICY_SHAPE", 1, 1],
    ["{ allow: [", "WEB_POLICY_SHAPE", 1, 11],
    ["[]", "WEB_POLICY_SHAPE", 1, 1],
    ["null", "WEB_POLICY_SHAPE", 1, 1],
    ["{\n  alow: [],\n}", "WEB_POLICY_SHAPE", 2, 3],
    ['{ deny: "example.com" }', "WEB_POLICY_SHAPE", 1, 9],
    ["{ deny: [1] }", "WEB_POLICY_SHAPE", 1, 10],
    ["{ upstreamProxy: 1 }", "WEB_POLICY_SHAPE", 1, 18],
    ['{ deny: ["a.example",\n "b c"] }', "WEB_ENTRY_INVALID", 2, 2],
    ['{ upstreamProxy: "socks5://proxy" }', "WEB_UPSTREAM_INVALID", 1, 18],
    ['{ deny: ["a"], deny: ["b"] }', "SKILL_KEY_DUPLICATE", 1, 16],
    ['{ __proto__: ["a"] }', "SKILL_KEY_FORBIDDEN", 1, 3],
  ])("takes nothing of %j", (text, code, line, column) => {
    expect(problemsOf(stateWith(text))).toEqual([[code, line, column]]);
  });

  it("takes nothing of a file that cannot be read", () => {
    const stateDir = tempFolder();
    mkdirSync(join(stateDir, "browser-web.json5"));
    expect(problemsOf(stateDir)).toEqual([["WEB_POLICY_UNREADABLE", 1, 1]]);
    expect(problemsOf(stateWith(`{ deny: [${"[".repeat(50_000)}`))).toEqual([
      ["WEB_POLICY_SHAPE", 1, expect.any(Number)],
    ]);
    expect(problemsOf(stateWith(`{ deny: ["${"a".repeat(1_000_001)}"] }`))).toEqual([
      ["WEB_POLICY_UNREADABLE", 1, 1],
    ]);
  });

  it("follows a link to where operators keep their files", () => {
    const stateDir = tempFolder();
    symlinkSync(
      join(stateWith('{ allow: ["a.example"] }'), "browser-web.json5"),
      join(stateDir, "browser-web.json5"),
    );
    expect(texts(loadWebPolicy(stateDir).allow)).toEqual(["a.example"]);
  });

  it("tells what is wrong with what the caller names", () => {
    expect(problemsOf(tempFolder(), { allow: ["a b"] })).toEqual([["WEB_ENTRY_INVALID", 0, 0]]);
  });
});
