import { describe, expect, it, test } from "vitest";
import { download } from "../../src/recipe/download.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import { parseSkill } from "../../src/skill/parse-skill.ts";
import type { InstallSpec } from "../../src/skill/skill.ts";
import { codesOf, emptyContext, installEntry, skillWith } from "../recipe/resolve-one.ts";
import { hostileText } from "../support/hostile-text.ts";

const good = "https://example.com/tool-1.0-linux-amd64.tar.gz";

const refusedAddresses = [
  ...hostileText,
  "file:///etc/passwd",
  "http://example.com/tool",
  "ftp://example.com/tool",
  "data:text/plain,x",
  "//example.com/tool",
  "https:example.com",
  "https://user@example.com/tool",
  "https://user:secret@example.com/tool",
  "https://127.0.0.1/tool",
  "https://127.1/tool",
  "https://2130706433/tool",
  "https://0x7f000001/tool",
  "https://0177.0.0.1/tool",
  "https://10.0.0.1/tool",
  "https://169.254.169.254/latest/meta-data/",
  "https://[::1]/tool",
  "https://[::ffff:127.0.0.1]/tool",
  "https://[fd00:ec2::254]/tool",
  "https://localhost/tool",
  "https://LOCALHOST/tool",
  "https://localhost./tool",
  "https://tool.localhost/tool",
  "https://metadata.google.internal/tool",
  "https://printer.local/tool",
  "https://metadata/tool",
  "https://example.com/a b",
  "https://example.com/a\nb",
  "https://example.com/a\tb",
  'https://example.com/a"b',
  "https://example.com/a'b",
  "https://example.com/$(id)",
  "https://example.com/`id`",
  "https://example.com/a\\b",
  "https://example.com/a#b",
  "https://example.com/\u202egz.rat",
  "https://ex\u0430mple.com./tool",
  "https://-example.com/tool",
  "https://example.com",
  `https://example.com/${"a".repeat(1000)}`,
];

describe("an address", () => {
  it.each(refusedAddresses)("%j is refused, with the reason", (text) => {
    expect(download.parsePackage(text)).toEqual({
      refused: expect.any(String),
      expected: expect.any(String),
    });
  });

  it("with a login is quoted without it", () => {
    const url = "https://user:canary@example.com/tool";
    const entry = installEntry("download", { url, bins: ["tool"] });
    const { diagnostics } = resolveRequirements([skillWith(["tool"], [entry])], emptyContext);
    expect(codesOf(diagnostics)).toContain("error RECIPE_PACKAGE_REFUSED");
    expect(JSON.stringify(diagnostics)).not.toContain("canary");
  });

  it.each([
    good,
    "https://github.com/owner/tool/releases/latest/download/tool-linux-x64",
    "https://dl.example.com:8443/a/b;c=d?e=f&g=h%20i",
  ])("%j is taken as it is", (text) => {
    expect(download.parsePackage(text)).toMatchObject({ package: { name: text } });
  });

  it("is normalised as URLs are, so that no part of it means two things", () => {
    const parsed = download.parsePackage("HTTPS://EXAMPLE.com:443/a/../../b/./c");
    expect(parsed).toMatchObject({ refused: expect.any(String) });
    expect(download.parsePackage("https://example.com:443/a/../../b/./c")).toMatchObject({
      package: { name: "https://example.com/b/c" },
    });
  });
});

const hostileEntries: readonly Partial<InstallSpec>[] = [
  { url: "https://127.0.0.1/tool" },
  { url: "file:///etc/passwd" },
  { url: good, targetDir: "../../.." },
  { url: good, targetDir: "~/../../etc" },
  { url: good, targetDir: "a\\..\\..\\b" },
];

test.each(hostileEntries)("a skill with %j is left out whole, and the others are not", (fields) => {
  const hostile = skillWith(["zzz", "ffmpeg"], [installEntry("download", { ...fields, bins: ["zzz"] })], {
    name: "hostile",
    dir: "/skills/hostile",
  });
  const harmless = skillWith(["ffmpeg"], [], { name: "harmless", dir: "/skills/harmless" });
  const { resolutions, diagnostics } = resolveRequirements([hostile, harmless], emptyContext);
  expect(resolutions.map(({ skill, status }) => [skill, status])).toEqual([
    ["harmless", "resolved"],
    ["hostile", "excluded"],
    ["hostile", "excluded"],
  ]);
  expect(codesOf(diagnostics)).toEqual(["error RECIPE_PACKAGE_REFUSED"]);
  expect(diagnostics[0]?.place).toMatchObject({ line: 9 });
});

describe("from SKILL.md to recipes", () => {
  const resolve = (entry: Record<string, unknown>) => {
    const install = [{ kind: "download", bins: ["zzz"], ...entry }];
    const metadata = JSON.stringify({ openclaw: { requires: { bins: ["zzz"] }, install } });
    const source = `---\nname: x\ndescription: x\nmetadata: ${metadata}\n---\n`;
    const skill = parseSkill(source, { dir: "/skills/x", file: "/skills/x/SKILL.md" });
    return { skill, ...resolveRequirements([skill], emptyContext) };
  };

  it.each(refusedAddresses)("%j never reaches a recipe", (url) => {
    const { skill, resolutions, diagnostics } = resolve({ url });
    for (const { recipe } of resolutions) expect(recipe).toBeNull();
    const shown = [...skill.diagnostics, ...diagnostics].filter(({ severity }) => severity === "error");
    expect(shown.length).toBeGreaterThan(0);
    for (const { message, hint } of shown) expect(`${message}${hint}`).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it.each([
    { sha256: "abc" },
    { sha256: "0".repeat(63) },
    { sha256: `${"0".repeat(64)} x` },
    { stripComponents: -1 },
    { stripComponents: 1e9 },
    { targetDir: "../../.." },
  ])("an entry with %j is not carried out without what it says", (fields) => {
    const { resolutions } = resolve({ url: good, ...fields });
    for (const { recipe } of resolutions) expect(recipe).toBeNull();
  });
});
