import { readdirSync, readFileSync } from "node:fs";
import { posix, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../src", import.meta.url));

const chain = ["diagnostic", "skill", "infer", "recipe", "plan", "dockerfile"] as const;
const upTo = (name: (typeof chain)[number]): readonly string[] => chain.slice(0, chain.indexOf(name) + 1);
const pure = [...chain, "config"] as const;

/** The table of ARCHITECTURE.md: what a folder of `src` may import from besides itself. `index.ts` and `main.ts` stand above. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  diagnostic: [],
  skill: upTo("diagnostic"),
  infer: upTo("skill"),
  recipe: upTo("infer"),
  plan: upTo("recipe"),
  dockerfile: upTo("plan"),
  layers: upTo("plan"),
  config: upTo("plan"),
  host: ["diagnostic"],
  engine: [...upTo("dockerfile"), "host"],
  source: [...pure, "host", "engine"],
  mirror: [...upTo("skill"), "host"],
  sandbox: [...pure, "host", "source", "mirror", "engine"],
  report: [...pure, "mirror", "engine", "sandbox"],
  cli: [...pure, "layers", "host", "engine", "source", "mirror", "sandbox", "report"],
};

/** What pure folders may import from outside of `src`. */
const pureModules = new Set(["node:crypto", "node:path/posix", "gray-matter", "json5", "yaml", "zod"]);

/** Reads of a clock, an environment or a locale. */
const impure =
  /\bprocess\.\w|\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bMath\.random\b|\blocaleCompare\b|\bIntl\.|\btoLocale|\bsetTimeout\b|\bfetch\(/;

const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((path) => path.split(sep).join("/"))
  .filter((path) => path.endsWith(".ts"))
  .sort();

describe("folders of src", () => {
  it("are all in the table", () => {
    const folders = new Set(files.filter((file) => file.includes("/")).map(folderOf));
    expect([...folders].filter((folder) => mayImport[folder] === undefined)).toEqual([]);
    // The scan itself works: these are there, and import something.
    expect(folders.has("plan")).toBe(true);
    expect(importsOf("plan/plan-contents.ts")).toContain("recipe");
  });

  it.each(Object.keys(mayImport))("%s imports only what stands below it", (folder) => {
    const allowed = [folder, ...(mayImport[folder] ?? [])];
    const wrong = filesIn(folder).flatMap((file) =>
      importsOf(file)
        .filter((target) => target !== null && !allowed.includes(target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(pure)("%s is pure", (folder) => {
    const wrong = filesIn(folder).flatMap((file) => [
      ...modulesOf(file)
        .filter((name) => !name.startsWith(".") && !pureModules.has(name))
        .map((name) => `${file} imports ${name}`),
      ...(codeOf(file).match(impure) ?? []).map((found) => `${file} uses ${found}`),
    ]);
    expect(wrong).toEqual([]);
  });

  it("leave the engine's client to the engine", () => {
    const users = files.filter((file) => modulesOf(file).includes("dockerode")).map(folderOf);
    expect(new Set(users)).toEqual(new Set(["engine"]));
  });
});

describe("files of src", () => {
  it("import each other with the file's ending", () => {
    const wrong = files.flatMap((file) =>
      modulesOf(file)
        .filter((name) => name.startsWith(".") && !name.endsWith(".ts"))
        .map((name) => `${file} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it("never need each other in a circle, types apart", () => {
    const left = new Map(files.map((file) => [file, neededBy(file)]));
    for (let before = Number.POSITIVE_INFINITY; left.size < before; ) {
      before = left.size;
      const needed = new Set([...left.values()].flat());
      for (const [file, needs] of left) {
        if (!needed.has(file) || !needs.some((other) => left.has(other))) left.delete(file);
      }
    }
    expect([...left.keys()]).toEqual([]);
  });

  it("name something", () => {
    // Engines call the program that keeps passwords a credential helper, gateways what looks after sandboxes their manager.
    const nothing =
      /(^|[/-])(utils?|(?<!credential-)helpers?|common|(?<!sandbox-)manager|service|misc)([.-]|$)/;
    expect(files.filter((file) => nothing.test(file))).toEqual([]);
  });

  it("export by name", () => {
    expect(files.filter((file) => /^export default\b/m.test(codeOf(file)))).toEqual([]);
  });

  it("stay readable: at most 300 lines, data and the lists of exports apart", () => {
    const data =
      /^(?:index|gateway)\.ts$|^diagnostic\/codes\.ts$|^recipe\/catalog\/|^recipe\/[a-z]+-pins\.ts$/;
    const long = files.filter((file) => !data.test(file) && readSource(file).split("\n").length > 301);
    expect(long).toEqual([]);
  });
});

function filesIn(folder: string): string[] {
  return files.filter((file) => folderOf(file) === folder);
}

function folderOf(file: string): string {
  return file.split("/", 1)[0] ?? "";
}

/** The folders that a file imports from; null for `src` itself. */
function importsOf(file: string): (string | null)[] {
  return modulesOf(file)
    .filter((name) => name.startsWith("."))
    .map((name) => posix.join(posix.dirname(file), name))
    .map((path) => (path.includes("/") ? folderOf(path) : null));
}

/** The files that a file needs before it can run. */
function neededBy(file: string): string[] {
  const statements = readSource(file).matchAll(
    /^(?:import|export) (?!type\b)([^"'`;]*?)\bfrom\s+"(\.[^"]+)"/gm,
  );
  return [...statements]
    .filter(([, names = ""]) => !/^\{(\s*type [^,}]+,?)+\s*\}/.test(names))
    .map(([, , name = ""]) => posix.join(posix.dirname(file), name));
}

/** Module names of static and dynamic imports, type imports and re-exports. */
function modulesOf(file: string): string[] {
  const found = readSource(file).matchAll(
    /^(?:import|export)\b[^"'`;]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm,
  );
  return [...found].map(([, named, bare, dynamic]) => named ?? bare ?? dynamic ?? "");
}

/** Without comments. */
function codeOf(file: string): string {
  return readSource(file)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "$1");
}

function readSource(file: string): string {
  return readFileSync(`${root}/${file}`, "utf8");
}
