import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { catalogRows } from "../../src/recipe/catalog/find-rows.ts";
import { closeOver } from "../../src/recipe/debian-closure.ts";
import { findDebianDigest } from "../../src/recipe/debian-digests.ts";
import { debianModules } from "../../src/recipe/debian-modules.ts";
import { debianPackages } from "../../src/recipe/debian-packages.ts";
import type { DebianTableName } from "../../src/recipe/debian-tables.ts";
import { recipePlatforms } from "../../src/recipe/resolve-context.ts";
import { readDebianIndex } from "../../src/source/read-debian-index.ts";

const tables = readDebianIndex();
const name = "[a-z0-9][a-z0-9.+-]+";
const version = "(?:\\d+:)?[0-9][A-Za-z0-9.+~-]*";
const packages = `^${name} ${version} \\d+ \\d+!?$`;
const dependencies = `^${name}(?: ${name}(?:\\|${name})*)+$`;
const digests = `^${name} (?:=|${name})!? [A-Za-z0-9+/]{43}=$`;
const entry = "(?:@(?:amd64|arm64))?";

/** The form of a table's lines, and how many there are at least. */
const forms: readonly (readonly [DebianTableName, string, number])[] = [
  ["packages-all", packages, 30_000],
  ["packages-amd64", packages, 28_000],
  ["packages-arm64", packages, 28_000],
  ["dependencies-all", dependencies, 50_000],
  ["dependencies-amd64", dependencies, 2000],
  ["dependencies-arm64", dependencies, 2000],
  ["digests-all", digests, 30_000],
  ["digests-amd64", digests, 30_000],
  ["digests-arm64", digests, 30_000],
  ["modules", `^[A-Za-z_][A-Za-z0-9_.]*(?: ${name}${entry})+$`, 5000],
  ["provides", `^${name}(?: ${name}${entry})+$`, 3000],
  ["measured", `^${name}(?: ${version}:\\d+${entry})+$`, 2000],
  ["minimal", `^minimal(?: ${name}${entry})+$`, 1],
  ["epoch", "^epoch [0-9a-f]{16}$", 1],
];

describe("the tables that come with the package", () => {
  it("have an epoch that names this state of them, sizes apart", () => {
    const hash = createHash("sha256");
    const named = forms.map(([table]) => table).filter((table) => table !== "epoch" && table !== "measured");
    for (const table of [...named, "commands" as const].sort()) hash.update(tables(table), "latin1");
    expect(tables("epoch")).toBe(`epoch ${hash.digest("hex").slice(0, 16)}\n`);
  });

  it.each(forms)("%s is sorted, and every line of it has its form", (table, form, count) => {
    const lines = tables(table).trimEnd().split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(count);
    expect(lines.filter((line, index) => index > 0 && `${line}\n` <= `${lines[index - 1]}\n`)).toEqual([]);
    const pattern = new RegExp(form);
    expect(lines.filter((line) => !pattern.test(line))).toEqual([]);
  });

  it.each([
    ["yaml", "python3-yaml"],
    ["docx", "python3-docx"],
    ["PIL", "python3-pil"],
    ["google.protobuf", "python3-protobuf"],
    ["tkinter", "python3-tk"],
    ["bs4", "python3-bs4"],
  ])("know that Python imports %s from %s", (module, expected) => {
    for (const platform of recipePlatforms) {
      expect(debianModules(tables, platform).packagesWith(module)[0]).toBe(expected);
    }
  });

  it("leave the standard library out", () => {
    const modules = debianModules(tables, "linux/amd64");
    for (const module of ["json", "os", "sqlite3", "asyncio"])
      expect(modules.packagesWith(module)).toEqual([]);
  });
});

describe.each(recipePlatforms)("what they say of %s", (platform) => {
  const debian = debianPackages(tables, platform);
  const minimal = closeOver(debian.minimal(), new Set(), debian);
  const rows = catalogRows.filter(({ platforms }) => platforms?.includes(platform) !== false);
  const catalog = rows.flatMap(({ answer }) =>
    answer.kind === "apt" ? [answer.package, ...(answer.with ?? [])] : [],
  );
  const { added, missing } = closeOver(catalog, new Set(minimal.added.keys()), debian);

  it("makes a minimal system whole", () => {
    expect(minimal.missing).toEqual([]);
    expect(minimal.added.size).toBeGreaterThan(80);
    for (const each of ["libc6", "dpkg", "apt", "perl-base"]) expect(minimal.added.has(each)).toBe(true);
    for (const each of ["python3", "curl", "perl"]) expect(minimal.added.has(each)).toBe(false);
  });

  it("has all that the catalog's packages need", () => {
    expect(missing).toEqual([]);
    expect(added.size).toBeGreaterThan(1500);
  });

  it("knows the file of each", () => {
    const files = [...added.keys()].map((each) => findDebianDigest(tables, debian, each));
    expect(files).not.toContain(null);
    for (const file of files) {
      expect(file?.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(file?.path).toMatch(
        /^pool\/(?:updates\/)?main\/(?:lib)?[a-z0-9]\/[^/]+\/[^/]+_(?:amd64|arm64|all)\.deb$/,
      );
    }
  });
});

it("everything that the catalog installs on linux/amd64 was measured", () => {
  const debian = debianPackages(tables, "linux/amd64");
  const wanted = catalogRows.flatMap(({ answer }) => (answer.kind === "apt" ? [answer.package] : []));
  const { added } = closeOver([...debian.minimal(), ...wanted], new Set(), debian);
  const unmeasured = [...added.values()].filter((each) => !each.package.measured);
  expect(unmeasured.map((each) => each.package.name)).toEqual([]);
});
