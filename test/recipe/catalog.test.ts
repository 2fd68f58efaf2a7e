import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apt } from "../../src/recipe/apt.ts";
import { cargo } from "../../src/recipe/cargo.ts";
import { aptRow, type CatalogRow } from "../../src/recipe/catalog/catalog-row.ts";
import { essentialBins } from "../../src/recipe/catalog/essential-bins.ts";
import { catalogRows, findRows, versionArgsOf } from "../../src/recipe/catalog/find-rows.ts";
import { debianIndex } from "../../src/recipe/debian-index.ts";
import { go } from "../../src/recipe/go.ts";
import { nodeRuntime } from "../../src/recipe/node-runtime.ts";
import { npm } from "../../src/recipe/npm.ts";
import { npmMissing, npmPins } from "../../src/recipe/npm-pins.ts";
import { python } from "../../src/recipe/python.ts";
import { pythonPins } from "../../src/recipe/python-pins.ts";
import { readDebianIndex } from "../../src/source/read-debian-index.ts";
import { problemsOf, sourceOf } from "./catalog-problems.ts";
import { publishedNames } from "./published-names.ts";
import { resolveOne, skillWith } from "./resolve-one.ts";

const index = debianIndex(readDebianIndex(), "linux/amd64");

const title = ({ bins, answer }: CatalogRow) => `${bins.join(" ")} (${answer.kind})`;
const binPattern = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

describe.each(catalogRows.map((row) => [title(row), row] as const))("%s", (_, row) => {
  it("has commands with proper names, each once, and a reason of one line", () => {
    expect(row.bins.length).toBeGreaterThan(0);
    expect(new Set(row.bins).size).toBe(row.bins.length);
    for (const bin of row.bins) expect(bin).toMatch(binPattern);
    expect(row.why).toMatch(/^\S.{1,160}\S$/);
    expect(row.why).not.toMatch(/[.;]$/);
  });

  it("has an answer that its ecosystem takes", () => {
    const { answer } = row;
    switch (answer.kind) {
      case "apt":
        for (const name of [answer.package, ...(answer.with ?? [])])
          expect(apt.parsePackage(name)).toEqual({ package: { name } });
        for (const [bin, target] of Object.entries(answer.links ?? {})) {
          expect(row.bins).toContain(bin);
          expect(target).toMatch(/^\/(?:usr\/)?(?:s?bin|games)\/[A-Za-z0-9._+-]+$/);
        }
        break;
      case "npm": {
        expect(npm.parsePackage(answer.package)).toEqual({ package: { name: answer.package } });
        const pin = npmPins.get(answer.package);
        if (pin === undefined) expect(npmMissing).toContain(answer.package);
        else expect(pin.bins).toEqual(expect.arrayContaining([...row.bins]));
        break;
      }
      case "python":
        expect(python.parsePackage(answer.package)).toEqual({ package: { name: answer.package } });
        expect(pythonPins.get(answer.package)?.bins).toEqual(expect.arrayContaining([...row.bins]));
        break;
      case "node":
        expect(row.bins).toEqual(nodeRuntime.bins);
        break;
      case "go": {
        const { package: name, version } = answer;
        const text = version === null ? name : `${name}@${version}`;
        expect(go.parsePackage(text)).toEqual({ package: { name, ...(version !== null && { version }) } });
        expect(row.bins).toHaveLength(1);
        break;
      }
      case "cargo": {
        const { package: name, version } = answer;
        const text = version === null ? name : `${name}@${version}`;
        expect(cargo.parsePackage(text)).toEqual({ package: { name, ...(version !== null && { version }) } });
        for (const feature of answer.features ?? []) expect(feature).toMatch(/^[a-z0-9_][a-z0-9_+.-]*$/);
        break;
      }
      case "download":
        for (const recipe of Object.values(answer.recipes)) {
          expect(recipe.package).toMatch(/^https:\/\/[a-z0-9.-]+\/[^{}\s]+$/);
          for (const bin of Object.keys(recipe.files)) expect(row.bins).toContain(bin);
        }
        expect(Object.keys(answer.recipes)).not.toEqual([]);
        break;
      case "none":
        expect(answer.hint).toMatch(/^\S.{3,200}\S$/);
        break;
    }
  });

  it("gives commands that come from where it says", () => {
    expect(problemsOf(row, index)).toEqual([]);
  });

  it("gives every command an answer of its own", () => {
    for (const bin of row.bins) {
      const { row: resolution } = resolveOne(skillWith([bin]));
      if (essentialBins.has(bin)) expect(resolution.status).toBe("present");
      else if (row.onlyWhenNamed === true) expect(findRows(bin).length).toBeGreaterThan(1);
      else if (row.answer.kind === "none")
        expect(resolution).toMatchObject({ status: "unresolved", reason: row.why });
      else if (row.confusedWith !== undefined) expect(resolution.status).toBe("proposed");
      else if (row.answer.kind === "npm" && npmMissing.has(row.answer.package))
        expect(resolution.status).toBe("unresolved");
      else
        expect(resolution).toMatchObject({
          status: "resolved",
          evidence: { source: "catalog", detail: row.why },
        });
    }
  });

  it("is published elsewhere under names that its ecosystem takes and that were settled", () => {
    const grammars = { npm, python, go, cargo };
    for (const [kind, name] of Object.entries(row.publishedAs ?? {})) {
      expect(grammars[kind as keyof typeof grammars].parsePackage(name)).toEqual({ package: { name } });
      expect(publishedNames).toContain(`${kind} ${name}`);
    }
  });

  it("has version arguments for its own commands only", () => {
    for (const [bin, args] of Object.entries(row.versionArgs ?? {})) {
      expect(row.bins).toContain(bin);
      expect(versionArgsOf(bin)).toEqual(args);
    }
  });
});

describe("the catalog as a whole", () => {
  it("has one meaning for each bare command", () => {
    const bare = catalogRows.filter((row) => row.onlyWhenNamed !== true).flatMap((row) => row.bins);
    const twice = bare.filter((bin, index) => bare.indexOf(bin) !== index);
    expect(twice).toEqual([]);
  });

  it("lists no formula, module or crate for two rows of one command", () => {
    for (const row of catalogRows.filter((candidate) => candidate.onlyWhenNamed === true)) {
      for (const bin of row.bins) {
        for (const other of findRows(bin).filter((candidate) => candidate !== row)) {
          for (const [kind, names] of Object.entries(row.namedAs ?? {})) {
            const taken = other.namedAs?.[kind as keyof NonNullable<CatalogRow["namedAs"]>] ?? [];
            expect(names.filter((name) => taken.includes(name))).toEqual([]);
          }
        }
      }
    }
  });

  it("knows a few hundred commands from Debian", () => {
    const bins = catalogRows.filter(({ answer }) => answer.kind === "apt").flatMap((row) => row.bins);
    expect(new Set(bins).size).toBeGreaterThan(400);
  });

  it("names no command that every Debian image has", () => {
    expect(catalogRows.flatMap((row) => row.bins).filter((bin) => essentialBins.has(bin))).toEqual([]);
  });

  it("finds version arguments only where they are known", () => {
    expect(versionArgsOf("ffmpeg")).toEqual(["-version"]);
    expect(versionArgsOf("jq")).toBeNull();
    expect(versionArgsOf("constructor")).toBeNull();
  });
});

describe("names that programs are published under", () => {
  it("are all in the catalog", () => {
    const names = catalogRows.flatMap(({ publishedAs = {} }) =>
      Object.entries(publishedAs).map(([kind, name]) => `${kind} ${name}`),
    );
    expect(names.sort()).toEqual([...publishedNames].sort());
  });
});

describe("a slip in the catalog", () => {
  it("is found, whichever five rows hold it", () => {
    const five = fc.subarray([...catalogRows], { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(five, fc.array(fc.nat(), { minLength: 5, maxLength: 5 }), (rows, picks) => {
        for (const [position, row] of rows.entries()) {
          const slips = slipsOf(row);
          const slip = slips[(picks[position] ?? 0) % slips.length];
          if (slip === undefined) throw new Error("every row can be mistaken for another");
          expect(problemsOf(slip, index), `${title(slip)} in place of ${title(row)}`).not.toEqual([]);
        }
      }),
    );
  });

  /** The row with another answer: that of any other program, or Debian's package with a file of its command's name. */
  function slipsOf(row: CatalogRow): CatalogRow[] {
    const others = catalogRows.filter(({ bins }) => !bins.some((bin) => row.bins.includes(bin)));
    const namesakes = row.bins
      .flatMap((bin) => index.filesNamed(bin))
      .map((file) => aptRow(file.package, row.bins.join(" "), "a file of that name"));
    return [...others, ...namesakes, ...namesakes, ...namesakes]
      .map(({ answer }) => ({ ...row, answer }))
      .filter((slip) => sourceOf(slip) !== sourceOf(row));
  }
});

describe("pins", () => {
  it("have exact versions that run on the Node that skills get, on Linux", () => {
    const [major = 0] = nodeRuntime.version.split(".").map(Number);
    expect(npmPins.size).toBeGreaterThan(30);
    for (const [name, pin] of npmPins) {
      expect(npm.parsePackage(`${name}@${pin.version}`)).toEqual({ package: { name, version: pin.version } });
      expect(pin.deprecated, name).toBeUndefined();
      expect(lowestMajor(pin.node), name).toBeLessThanOrEqual(major);
      for (const system of pin.os ?? ["linux"]) expect(system).not.toBe("!linux");
      expect(pin.os ?? ["linux"], name).toContain("linux");
    }
  });

  it("know no package both as there and as missing", () => {
    expect([...npmMissing].filter((name) => npmPins.has(name))).toEqual([]);
  });
});

/** The smallest major version that an `engines.node` such as `>=22.0.0` or `^20.19 || >=22` lets in. */
function lowestMajor(range: string | undefined): number {
  const majors = [...(range ?? "0").matchAll(/(?:^|[\s|>=^~v])(\d+)(?:\.|\s|$)/g)].map(([, major]) =>
    Number(major),
  );
  return Math.min(...majors);
}
