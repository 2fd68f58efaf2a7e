import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { debianIndex } from "../../src/recipe/debian-index.ts";
import { findLine } from "../../src/recipe/sorted-lines.ts";
import { readDebianIndex } from "../../src/source/read-debian-index.ts";

describe("findLine", () => {
  it("finds each key among others that begin alike, and no other", () => {
    const keys = fc.uniqueArray(fc.stringMatching(/^[a-c.+-]{1,6}$/), { maxLength: 40 });
    fc.assert(
      fc.property(keys, fc.stringMatching(/^[a-c.+-]{1,6}$/), (known, asked) => {
        const text = known
          .map((key) => `${key} value of ${key}\n`)
          .sort()
          .join("");
        for (const key of known) expect(findLine(text, key)).toBe(`value of ${key}`);
        expect(findLine(text, asked)).toBe(known.includes(asked) ? `value of ${asked}` : null);
      }),
    );
  });
});

describe("debianIndex", () => {
  const table = () => "one a:/usr/bin b:/usr/sbin@amd64 c:/bin@arm64\ntwo d:/usr/bin@arm64\n";

  it("gives the packages of the platform with the file's whole path", () => {
    expect(debianIndex(table, "linux/amd64").filesNamed("one")).toEqual([
      { package: "a", path: "/usr/bin/one" },
      { package: "b", path: "/usr/sbin/one" },
    ]);
    expect(debianIndex(table, "linux/amd64").filesNamed("two")).toEqual([]);
    expect(debianIndex(table, "linux/arm64").filesNamed("two")).toHaveLength(1);
    expect(debianIndex(table, "linux/arm64").filesNamed("three")).toEqual([]);
  });

  it("knows which commands a package has", () => {
    const index = debianIndex(() => "one a:/bin aa:/bin\nthree a:/usr/bin\ntwo aa:/bin\n", "linux/amd64");
    expect(index.commandsOf("a")).toEqual(["one", "three"]);
    expect(index.commandsOf("b")).toEqual([]);
  });
});

describe("the index that comes with the package", () => {
  const read = readDebianIndex();

  it("is sorted, and every line of it has its form", () => {
    const lines = read("commands").trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(40_000);
    expect([...lines].sort()).toEqual(lines);
    const form =
      /^[A-Za-z0-9][A-Za-z0-9._+-]*(?: [a-z0-9][a-z0-9.+-]+:\/(?:usr\/)?(?:s?bin|games)(?:@(?:amd64|arm64))?)+$/;
    expect(lines.filter((line) => !form.test(line))).toEqual([]);
  });

  it.each([
    ["bat", { package: "bacula-console-qt", path: "/usr/sbin/bat" }],
    ["fd", { package: "fdclone", path: "/usr/bin/fd" }],
    ["yarn", { package: "cmdtest", path: "/usr/bin/yarn" }],
    ["jq", { package: "jq", path: "/usr/bin/jq" }],
  ])("knows who ships %s", (bin, file) => {
    expect(debianIndex(read, "linux/amd64").filesNamed(bin)).toEqual([file]);
  });

  it("is read once, and only when a command is looked up", () => {
    let reads = 0;
    const index = debianIndex(() => {
      reads += 1;
      return read("commands");
    }, "linux/amd64");
    expect(reads).toBe(0);
    index.filesNamed("jq");
    expect(reads).toBe(1);
    expect(read("commands")).toBe(read("commands"));
  });
});
