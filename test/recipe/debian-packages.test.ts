import { describe, expect, it } from "vitest";
import { findDebianDigest } from "../../src/recipe/debian-digests.ts";
import { debianModules } from "../../src/recipe/debian-modules.ts";
import { debianPackages } from "../../src/recipe/debian-packages.ts";
import type { DebianTableName, DebianTables } from "../../src/recipe/debian-tables.ts";

const texts: Partial<Record<DebianTableName, string>> = {
  "packages-all": "data 1:2.0-1 4000 80!\n",
  "packages-amd64": "odd 3 10 1!\ntool 1:1.2+dfsg-3 5000 90\n",
  "packages-arm64": "odd 3 10 2!\ntool 1:1.2+dfsg-3+b1 5100 95\n",
  measured: "data 1:2.0-1:77123\ntool 1:1.2+dfsg-2:1@amd64 1:1.2+dfsg-3:88123@amd64\n",
  "dependencies-all": "data tool\n",
  "dependencies-amd64": "tool libc6 data|odd\n",
  provides: "instrument tool@arm64\n",
  minimal: "minimal apt dpkg libx32@amd64\n",
  "digests-all": `data = ${Buffer.alloc(32, 1).toString("base64")}\n`,
  "digests-amd64": `tool libsource! ${Buffer.alloc(32, 255).toString("base64")}\n`,
  modules: "google python3-auth python3-protobuf\nyaml python3-yaml another@arm64\n",
};
const tables: DebianTables = (name) => texts[name] ?? "";
const amd64 = debianPackages(tables, "linux/amd64");
const arm64 = debianPackages(tables, "linux/arm64");

describe("debianPackages", () => {
  it("knows a package of the processor by its measured size", () => {
    expect(amd64.find("tool")).toEqual({
      name: "tool",
      version: "1:1.2+dfsg-3",
      architecture: "amd64",
      downloadBytes: 5000,
      installedBytes: 88_123,
      measured: true,
    });
  });

  it("falls back to the estimate where this version or processor was not measured", () => {
    expect(arm64.find("tool")).toMatchObject({
      installedBytes: 95_000,
      measured: false,
      architecture: "arm64",
    });
  });

  it("knows packages for every processor, whichever table they are in", () => {
    expect(amd64.find("data")).toMatchObject({ architecture: "all", installedBytes: 77_123, measured: true });
    expect(arm64.find("odd")).toMatchObject({ architecture: "all", installedBytes: 2000 });
  });

  it("gives null, and nothing, for names that no package has", () => {
    for (const name of ["instrument", "too", "tools", "", "tool 1"]) expect(amd64.find(name)).toBeNull();
    expect(amd64.dependenciesOf("gone")).toEqual([]);
    expect(amd64.providersOf("gone")).toEqual([]);
  });

  it("gives dependencies as groups of alternatives, and what holds for the processor alone", () => {
    expect(amd64.dependenciesOf("tool")).toEqual([["libc6"], ["data", "odd"]]);
    expect(arm64.dependenciesOf("data")).toEqual([["tool"]]);
    expect(amd64.providersOf("instrument")).toEqual([]);
    expect(arm64.providersOf("instrument")).toEqual(["tool"]);
    expect(amd64.minimal()).toEqual(["apt", "dpkg", "libx32"]);
    expect(arm64.minimal()).toEqual(["apt", "dpkg"]);
  });
});

describe("debianModules", () => {
  it("gives the packages with a module, those of the processor only", () => {
    const modules = debianModules(tables, "linux/amd64");
    expect(modules.packagesWith("yaml")).toEqual(["python3-yaml"]);
    expect(modules.packagesWith("google")).toEqual(["python3-auth", "python3-protobuf"]);
    expect(modules.packagesWith("yam")).toEqual([]);
  });
});

describe("findDebianDigest", () => {
  it("names a file by archive, path and digest", () => {
    expect(findDebianDigest(tables, amd64, "tool")).toEqual({
      package: "tool",
      version: "1:1.2+dfsg-3",
      architecture: "amd64",
      sizeBytes: 5000,
      archive: "debian-security",
      path: "pool/updates/main/libs/libsource/tool_1.2+dfsg-3_amd64.deb",
      sha256: "ff".repeat(32),
    });
    expect(findDebianDigest(tables, arm64, "data")).toMatchObject({
      archive: "debian",
      path: "pool/main/d/data/data_2.0-1_all.deb",
      sha256: "01".repeat(32),
    });
    expect(findDebianDigest(tables, amd64, "gone")).toBeNull();
  });
});
