import { describe, expect, it } from "vitest";
import { closeOver } from "../../src/recipe/debian-closure.ts";
import { debianPackages } from "../../src/recipe/debian-packages.ts";
import type { DebianTables } from "../../src/recipe/debian-tables.ts";

/** Packages that depend on each other as `dependencies` says, of no interest besides. */
function packagesWith(dependencies: Readonly<Record<string, string>>, provides: Record<string, string> = {}) {
  const lines = (entries: [string, string][]) =>
    entries
      .map(([key, value]) => `${key} ${value}\n`)
      .sort()
      .join("");
  const texts: Partial<Record<Parameters<DebianTables>[0], string>> = {
    "packages-amd64": lines(Object.keys(dependencies).map((name) => [name, "1.0 100 1"])),
    "dependencies-amd64": lines(Object.entries(dependencies).filter(([, groups]) => groups !== "")),
    provides: lines(Object.entries(provides)),
  };
  return debianPackages((name) => texts[name] ?? "", "linux/amd64");
}

const sorted = (names: Iterable<string>) => [...names].sort();

describe("closeOver", () => {
  it("adds what is depended on, each once, and nothing that is there", () => {
    const packages = packagesWith({ a: "b c", b: "c d", c: "", d: "a" });
    const { added, missing } = closeOver(["a"], new Set(["c"]), packages);
    expect(sorted(added.keys())).toEqual(["a", "b", "d"]);
    expect(added.get("a")?.needs).toEqual(["b"]);
    expect(added.get("d")?.needs).toEqual(["a"]);
    expect(missing).toEqual([]);
  });

  it("takes the alternative that is there, asked for, or needed anyway, else the first that exists", () => {
    const packages = packagesWith({ a: "x|y", b: "y", c: "gone|y", x: "", y: "" });
    expect(sorted(closeOver(["a"], new Set(), packages).added.keys())).toEqual(["a", "x"]);
    expect(sorted(closeOver(["a"], new Set(["y"]), packages).added.keys())).toEqual(["a"]);
    expect(sorted(closeOver(["a", "y"], new Set(), packages).added.keys())).toEqual(["a", "y"]);
    expect(sorted(closeOver(["a", "b"], new Set(), packages).added.keys())).toEqual(["a", "b", "y"]);
    expect(sorted(closeOver(["c"], new Set(), packages).added.keys())).toEqual(["c", "y"]);
  });

  it("settles what one choice brings before the next choice", () => {
    const packages = packagesWith({
      a: "big|small one|two",
      big: "middle",
      middle: "two|three",
      one: "",
      two: "",
    });
    expect(sorted(closeOver(["a"], new Set(), packages).added.keys())).toEqual(["a", "big", "middle", "two"]);
  });

  it("takes a provider that is there, else the first, for a name that is only provided", () => {
    const packages = packagesWith(
      { a: "mail", exim: "", postfix: "" },
      { mail: "exim postfix@arm64 postfix@amd64" },
    );
    expect(sorted(closeOver(["a"], new Set(), packages).added.keys())).toEqual(["a", "exim"]);
    expect(sorted(closeOver(["a"], new Set(["postfix"]), packages).added.keys())).toEqual(["a"]);
    expect(sorted(closeOver(["mail"], new Set(), packages).added.keys())).toEqual(["exim"]);
  });

  it("says what nothing gives", () => {
    const { added, missing } = closeOver(["a", "typo"], new Set(), packagesWith({ a: "gone|lost" }));
    expect([...added.keys()]).toEqual(["a"]);
    expect(missing).toEqual(["typo", "gone|lost"]);
  });
});
