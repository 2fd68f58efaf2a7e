import { expect, test } from "vitest";
import { compareText } from "../../src/diagnostic/compare-text.ts";
import { debianModules } from "../../src/recipe/debian-modules.ts";
import { debianPackages } from "../../src/recipe/debian-packages.ts";
import { nodeLibraryPins } from "../../src/recipe/node-library-pins.ts";
import { pythonLibraryRows } from "../../src/recipe/python-library-rows.ts";
import { readDebianIndex } from "../../src/source/read-debian-index.ts";

const tables = readDebianIndex();
const modules = debianModules(tables, "linux/amd64");
const packages = debianPackages(tables, "linux/amd64");
/** Parts of the standard library that Debian ships apart; the table of modules has no standard library. */
const ofPython = new Set(["distutils", "tkinter"]);

test("each row's Debian package has the module", () => {
  const wrong = pythonLibraryRows
    .filter(
      ({ module, debian }) =>
        debian !== null && !ofPython.has(module) && !modules.packagesWith(module).includes(debian),
    )
    .map(
      ({ module, debian }) =>
        `${module}: ${debian}, and not ${modules.packagesWith(module).join(" ") || "any"}`,
    );
  expect(wrong).toEqual([]);
  expect(pythonLibraryRows.filter(({ debian }) => debian !== null && packages.find(debian) === null)).toEqual(
    [],
  );
});

test("where a row says that Debian has none, no package of that name has the module", () => {
  const missed = pythonLibraryRows
    .filter(({ debian }) => debian === null)
    .map(({ module }) => `${module}: ${modules.packagesWith(module).join(" ")}`)
    .filter((line) => !line.endsWith(": "));
  expect(missed).toEqual([]);
});

test("rows are sorted, each module once, and pins exact", () => {
  const names = pythonLibraryRows.map(({ module }) => module);
  expect(names).toEqual([...new Set(names)].sort(compareText));
  for (const version of nodeLibraryPins.values()) expect(version ?? "1.0.0").toMatch(/^\d+\.\d+\.\d+$/);
});
