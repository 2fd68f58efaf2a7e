import { describe, expect, it } from "vitest";
import { downloadRow } from "../../src/recipe/catalog/catalog-row.ts";
import { whyNotForPlatform } from "../../src/recipe/release-platform.ts";
import type { InstallSpec } from "../../src/skill/skill.ts";
import { codesOf, installEntry, resolveOne, skillWith } from "./resolve-one.ts";

const sha256 = "a".repeat(64);
const base = "https://example.com/v1.0";
const resolveEntry = (entry: Partial<InstallSpec>, platform?: "linux/arm64") =>
  resolveOne(
    skillWith(["zzz"], [installEntry("download", { bins: ["zzz"], ...entry })]),
    platform && { platform },
  );

describe("an entry of a skill", () => {
  it("is a recipe with its digest", () => {
    const url = `${base}/zzz-linux-amd64.tar.gz`;
    const { row, diagnostics } = resolveEntry({ url, sha256, stripComponents: 1 });
    expect(row).toMatchObject({ status: "resolved", evidence: { source: "install" } });
    expect(row.recipe).toEqual({
      kind: "download",
      package: url,
      sha256,
      archive: "tar.gz",
      stripComponents: 1,
      bins: ["zzz"],
      files: {},
    });
    expect(diagnostics).toEqual([]);
  });

  it("is taken without a digest, with a warning", () => {
    const { row, diagnostics } = resolveEntry({ url: `${base}/zzz` });
    expect(row.recipe).toMatchObject({ sha256: null, archive: null });
    expect(codesOf(diagnostics)).toEqual(["warning RECIPE_UNPINNED"]);
    expect(diagnostics[0]?.message).toContain("no sha256");
  });

  it.each([
    ["zzz.tgz", {}, "tar.gz"],
    ["zzz.tar.xz", {}, "tar.xz"],
    ["zzz.tar.bz2", {}, "tar.bz2"],
    ["zzz.zip?download=1", {}, "zip"],
    ["zzz", {}, null],
    ["latest", { archive: "tar.bz2" }, "tar.bz2"],
    ["latest", { archive: "zip" }, "zip"],
    ["zzz.tar.gz", { extract: false }, null],
  ] as const)("%s with %j is unpacked as %s", (name, fields, archive) => {
    const { row } = resolveEntry({ url: `${base}/${name}`, ...fields });
    if (fields && "extract" in fields) expect(row.status).toBe("unresolved");
    else expect(row.recipe).toMatchObject({ archive });
  });

  it.each(["zzz.deb", "zzz.dmg", "zzz.7z", "zzz.rpm", "zzz.gz"])("%s is nothing that is unpacked", (name) => {
    const { row } = resolveEntry({ url: `${base}/${name}` });
    expect(row.status).toBe("unresolved");
    expect(row.reason).toContain("not unpacked here");
  });

  it("of several, the one for the platform is taken", () => {
    const names = ["zzz-darwin-arm64", "zzz-windows-amd64.exe", "zzz-linux-amd64", "zzz-linux-arm64"];
    const entries = names.map((name) =>
      installEntry("download", { url: `${base}/${name}`, sha256, bins: ["zzz"] }),
    );
    const taken = (platform: "linux/amd64" | "linux/arm64") =>
      resolveOne(skillWith(["zzz"], entries), { platform }).row.recipe?.package;
    expect(taken("linux/amd64")).toBe(`${base}/zzz-linux-amd64`);
    expect(taken("linux/arm64")).toBe(`${base}/zzz-linux-arm64`);
  });

  it("for another platform only, says so", () => {
    const { row } = resolveEntry({ url: `${base}/zzz-linux-amd64`, sha256 }, "linux/arm64");
    expect(row.status).toBe("unresolved");
    expect(row.reason).toContain("for linux/amd64, not for linux/arm64");
  });
});

describe("what a file's name tells of its platform", () => {
  it.each([
    "/tool-v1.2.3-linux-amd64.tar.gz",
    "/tool_Linux_x86_64.zip",
    "/tool-x86_64-unknown-linux-musl.tar.xz",
    "/tool-linux64",
    "/tool",
    "/tool-linux.tar.gz",
    "/darwin-tools/releases/tool-linux-amd64",
    "/winner/machine/tool-1.0",
    "/tool-linux-amd64-for-macos-users",
  ])("%s may be for linux/amd64", (path) => {
    expect(whyNotForPlatform(path, "linux/amd64")).toBeNull();
  });

  it.each([
    ["/tool-darwin-arm64", "macOS"],
    ["/tool-macos.zip", "macOS"],
    ["/tool-osx-universal2", "macOS"],
    ["/tool-x86_64-pc-windows-msvc.zip", "Windows"],
    ["/tool-win-x64.zip", "Windows"],
    ["/tool-freebsd-amd64", "another Unix"],
    ["/tool-linux-arm64", "linux/arm64"],
    ["/tool-aarch64-unknown-linux-gnu.tar.gz", "linux/arm64"],
    ["/arm64/tool", "linux/arm64"],
    ["/tool-linux-i386", "32-bit x86"],
    ["/tool-linux-armv7", "32-bit ARM"],
    ["/tool-linux-riscv64", "another processor"],
  ])("%s is not: it is for %s", (path, what) => {
    expect(whyNotForPlatform(path, "linux/amd64")).toContain(`for ${what}`);
  });
});

describe("a row of the catalog", () => {
  it("has a recipe for each platform that the project publishes for", () => {
    const row = downloadRow(
      {
        url: "https://example.com/v{version}/tool-{version}-{arch}.tar.xz",
        version: "1.2.3",
        arch: { "linux/amd64": "x86_64", "linux/arm64": "aarch64" },
        sha256: { "linux/amd64": sha256 },
        stripComponents: 1,
        files: { tool: "tool-{arch}", toolctl: "bin/toolctl" },
      },
      "tool toolctl",
      "the project's own release",
    );
    const shared = { kind: "download", version: "1.2.3", archive: "tar.xz", stripComponents: 1 };
    expect(row.answer).toEqual({
      kind: "download",
      recipes: {
        "linux/amd64": {
          ...shared,
          package: "https://example.com/v1.2.3/tool-1.2.3-x86_64.tar.xz",
          sha256,
          bins: ["tool", "toolctl"],
          files: { tool: "tool-x86_64", toolctl: "bin/toolctl" },
        },
        "linux/arm64": {
          ...shared,
          package: "https://example.com/v1.2.3/tool-1.2.3-aarch64.tar.xz",
          sha256: null,
          bins: ["tool", "toolctl"],
          files: { tool: "tool-aarch64", toolctl: "bin/toolctl" },
        },
      },
    });
  });
});
