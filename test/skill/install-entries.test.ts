import { describe, expect, it } from "vitest";
import { parseText, shown, withHead } from "./parse-text.ts";

describe("install entries", () => {
  const install = (...entries: readonly object[]) =>
    parseText(withHead(`metadata: {"openclaw":{"install":${JSON.stringify(entries)}}}`));

  it.each([
    [
      { kind: "brew", formula: "jq" },
      { kind: "brew", formula: "jq" },
    ],
    [
      { kind: "brew", cask: "x", tap: "a/b" },
      { kind: "brew", cask: "x", tap: "a/b" },
    ],
    [
      { kind: "node", package: "@a/b@1.2.3" },
      { kind: "node", packages: ["@a/b@1.2.3"] },
    ],
    [
      { kind: "npm", package: "x" },
      { kind: "node", declaredKind: "npm", packages: ["x"] },
    ],
    [
      { type: "go", module: "example.org/x@latest" },
      { kind: "go", module: "example.org/x@latest" },
    ],
    [
      { kind: "uv", package: "x[extra]>=1,<2" },
      { kind: "uv", packages: ["x[extra]>=1,<2"] },
    ],
    [
      { kind: "pip", packages: ["a", "b"] },
      { kind: "pip", packages: ["a", "b"] },
    ],
    [
      { kind: "pipx", package: "x" },
      { kind: "pipx", packages: ["x"] },
    ],
    [
      { kind: "python", packages: "a, b" },
      { kind: "python", packages: ["a", "b"] },
    ],
    [
      { kind: "cargo", crate: "ripgrep" },
      { kind: "cargo", packages: ["ripgrep"] },
    ],
    [
      { kind: "apt", package: "jq", os: "linux" },
      { kind: "apt", packages: ["jq"], os: ["linux"] },
    ],
    [
      {
        kind: "download",
        url: "https://a.example/x.zip",
        sha256: `sha256:${"AB".repeat(32)}`,
        archive: "zip",
        extract: true,
        stripComponents: 1,
        targetDir: "~/x",
      },
      {
        kind: "download",
        url: "https://a.example/x.zip",
        sha256: "ab".repeat(32),
        archive: "zip",
        extract: true,
        stripComponents: 1,
        targetDir: "~/x",
      },
    ],
  ])("%j is read without a remark", (entry, expected) => {
    const skill = install({ id: "a", label: "b", bins: ["c"], ...entry });
    expect(skill.diagnostics).toEqual([]);
    expect(skill.install).toHaveLength(1);
    expect(skill.install[0]).toMatchObject({ id: "a", label: "b", bins: ["c"], ...expected });
  });

  it.each(["shell", "script", "exec", "manual", "note", "gem", "choco", "git", "skill", "docker-compose"])(
    "the kind %s is reported with its place and kept",
    (kind) => {
      const skill = install({ kind: "apt", package: "jq" }, { kind, bins: ["jq"], command: "x" });
      expect(shown(skill)).toEqual(["warning SKILL_INSTALL_KIND_UNSUPPORTED 4:73"]);
      expect(skill.install).toMatchObject([
        { kind: "apt" },
        { kind: null, declaredKind: kind, bins: ["jq"], place: { line: 4, column: 65 } },
      ]);
    },
  );

  it("that another key sends elsewhere are not read as if it were not there", () => {
    const skill = install({ kind: "uv", package: "x", from: "git+https://a.example/x.git" });
    expect(skill.install).toMatchObject([{ kind: null, declaredKind: "uv", packages: ["x"] }]);
    expect(shown(skill)).toEqual(["warning SKILL_INSTALL_SOURCE_UNSUPPORTED 4:62"]);
  });
});
