import { describe, expect, test } from "vitest";
import type { DebianPackage } from "../../src/recipe/debian-packages.ts";
import type { SkillLibraries, WantedLibrary } from "../../src/recipe/library.ts";
import type { ResolveContext } from "../../src/recipe/resolve-context.ts";
import { resolveLibraries } from "../../src/recipe/resolve-libraries.ts";

const debian: Readonly<Record<string, string>> = {
  "python3-yaml": "6.0-3+b2",
  "python3-pandas": "1.5.3+dfsg-2",
  "python3-docx": "0.8.11+dfsg1-5",
  "python3-odd": "1.0-1",
  "python3-slugify": "4.0.0-2",
};
const modules: Readonly<Record<string, readonly string[]>> = {
  yaml: ["python3-yaml"],
  odd: ["python3-odd"],
  tests: ["python3-unrelated"],
  slugify: ["python3-slugify"],
};

const context: ResolveContext = {
  platform: "linux/amd64",
  below: new Map(),
  debianModules: { packagesWith: (module) => modules[module] ?? [] },
  debianPackages: {
    architecture: "amd64",
    minimal: () => [],
    find: (name): DebianPackage | null => {
      const version = debian[name];
      if (version === undefined) return null;
      const sizes = { downloadBytes: 1, installedBytes: 1, measured: true };
      return { name, version, architecture: "all", ...sizes };
    },
    dependenciesOf: () => [],
    providersOf: () => [],
  },
};

function python(name: string, more: Partial<WantedLibrary> = {}): WantedLibrary {
  return { ...node(name, more), language: "python", naming: more.naming ?? "module" };
}

function node(name: string, more: Partial<WantedLibrary> = {}): WantedLibrary {
  const place = { file: `/skills/${name}`, line: 1, column: 1 };
  return { language: "node", naming: "module", name, because: "imported", place, declared: false, ...more };
}

function skill(name: string, ...wanted: readonly WantedLibrary[]): SkillLibraries {
  return { skill: name, dir: `/skills/${name}`, exclusion: null, wanted };
}

/** `skill library: status recipe`, and the diagnostics' severities and codes. */
function resolve(skills: readonly SkillLibraries[], more: Partial<ResolveContext> = {}) {
  const { libraries, diagnostics } = resolveLibraries(skills, { ...context, ...more });
  return {
    rows: libraries.map(({ skill: of, library, status, recipe }) => {
      const { kind, package: name, ...rest } = recipe ?? { kind: "-", package: "-" };
      const details = Object.values(rest).flat().join(" ");
      return `${of} ${library}: ${status} ${kind} ${name} ${details}`.trim();
    }),
    codes: diagnostics.map(({ severity, code }) => `${severity} ${code}`),
    libraries,
  };
}

describe("a Python library", () => {
  test("that is well known comes from Debian under its name there", () => {
    const { rows, codes, libraries } = resolve([skill("a", python("yaml"), python("docx"))]);
    expect(rows).toEqual(["a docx: resolved apt python3-docx", "a yaml: resolved apt python3-yaml"]);
    expect(codes).toEqual([]);
    expect(libraries[0]?.promise).toEqual({ language: "python", naming: "module", name: "docx" });
    expect(libraries[0]?.evidence?.source).toBe("catalog");
  });

  test("of a dependency file is the same one, asked for by what it is imported as", () => {
    const { rows, libraries } = resolve([skill("a", python("pyyaml", { naming: "package", range: ">=5" }))]);
    expect(rows).toEqual(["a pyyaml: resolved apt python3-yaml"]);
    expect(libraries[0]?.promise).toEqual({ language: "python", naming: "module", name: "yaml" });
  });

  test("comes from the index where Debian's version does not do, for all skills alike", () => {
    const { rows, codes, libraries } = resolve([
      skill("a", python("pandas")),
      skill("b", python("pandas", { naming: "package", range: ">=2.0" })),
    ]);
    expect(rows).toEqual([
      "a pandas: resolved python-library pandas >=2.0",
      "b pandas: resolved python-library pandas >=2.0",
    ]);
    expect(libraries[0]?.reason).toBe("python3-pandas has 1.5.3, and >=2.0 is asked for");
    expect(codes).toEqual(["info LIBRARY_UNPINNED"]);
  });

  test("comes from the index where Debian has none, or not with these extras; an exact version is a pin", () => {
    const { rows, codes } = resolve([
      skill("a", python("pdfplumber", { naming: "package", range: "==0.11.4" })),
      skill("b", python("pyyaml", { naming: "package", extras: ["fast"], range: "==6.0" })),
    ]);
    expect(rows).toEqual([
      "a pdfplumber: resolved python-library pdfplumber 0.11.4",
      "b pyyaml: resolved python-library pyyaml 6.0 fast",
    ]);
    expect(codes).toEqual([]);
  });

  test("by its module alone: Debian's package of that name has it, or somebody must say so", () => {
    const { rows, codes } = resolve([skill("a", python("odd"), python("tests"), python("nowhere"))]);
    expect(rows).toEqual([
      "a nowhere: unresolved - -",
      "a odd: resolved apt python3-odd",
      "a tests: proposed apt python3-unrelated",
    ]);
    expect(codes).toEqual(["warning LIBRARY_UNRESOLVED", "warning LIBRARY_PROPOSED"]);
    const accepted = resolve([skill("a", python("tests"))], { accept: new Set(["tests"]) });
    expect(accepted.rows).toEqual(["a tests: resolved apt python3-unrelated"]);
  });

  test("is the package that the skill names beside it, where the names are alike", () => {
    const named = python("odd-thing", { naming: "package", range: "==2.0" });
    const imported = skill("a", named, python("odd_thing"));
    expect(resolve([imported]).rows).toEqual([
      "a odd-thing: resolved python-library odd-thing 2.0",
      "a odd_thing: resolved python-library odd-thing 2.0",
    ]);
    const install = { ...skill("a", python("odd_thing")), named: [named] };
    expect(resolve([install]).rows).toEqual(["a odd_thing: resolved python-library odd-thing"]);
  });

  test("whose package is called like another library's module is not that one", () => {
    // The module slugify in Debian is python-slugify; the index has another package called slugify.
    const { rows } = resolve([skill("a", python("slugify", { naming: "package" }))]);
    expect(rows).toEqual(["a slugify: resolved python-library slugify"]);
    expect(resolve([skill("a", python("slugify"))]).rows).toEqual([
      "a slugify: resolved apt python3-slugify",
    ]);
  });

  test("in two exact versions is refused to the second, with both places", () => {
    const { rows, codes, libraries } = resolve([
      skill("a", python("polars", { naming: "package", range: "==1.0" })),
      skill("b", python("polars", { naming: "package", range: "==2.0" })),
    ]);
    expect(rows).toEqual(["a polars: resolved python-library polars 1.0", "b polars: unresolved - -"]);
    expect(libraries[1]?.reason).toContain("the skill a asks for it");
    expect(codes).toEqual(["warning LIBRARY_CONFLICT"]);
  });

  test("without an index is Debian's where that will do, else missing", () => {
    const disabledKinds = new Map([["python", "no index answers"]] as const);
    const { rows, libraries } = resolve(
      [
        skill("a", python("pandas")),
        skill("b", python("pandas", { naming: "package", range: ">=2.0" })),
        skill("c", python("pdfplumber")),
      ],
      { disabledKinds },
    );
    expect(rows).toEqual([
      "a pandas: resolved apt python3-pandas",
      "b pandas: unresolved - -",
      "c pdfplumber: unresolved - -",
    ]);
    expect(libraries[2]?.reason).toContain("no index answers");
  });
});

describe("a Node library", () => {
  test("that is well known has a pinned version where the range allows it", () => {
    const { rows, codes } = resolve([
      skill("a", node("pdf-lib")),
      skill("b", node("docx", { naming: "package", range: "^8.0.0" })),
    ]);
    expect(rows[0]).toMatch(/^a pdf-lib: resolved node-library pdf-lib \d+\.\d+\.\d+$/);
    expect(rows[1]).toBe("b docx: resolved node-library docx ^8.0.0");
    expect(codes).toEqual(["info LIBRARY_UNPINNED"]);
  });

  test("that is only imported, and of which nothing is known, must be confirmed", () => {
    const { rows } = resolve([
      skill("a", node("@acme/thing")),
      skill("b", node("other-thing", { naming: "package", range: "^1.0.0" })),
    ]);
    expect(rows).toEqual([
      "a @acme/thing: proposed node-library @acme/thing",
      "b other-thing: resolved node-library other-thing ^1.0.0",
    ]);
  });

  test("has one version for all: exact before ranges, ranges joined, what cannot be joined refused", () => {
    const versions = (...ranges: readonly string[]) =>
      resolve(ranges.map((range, index) => skill(`s${index}`, node("x", { naming: "package", range })))).rows;
    expect(versions("^1.0.0", "1.2.3")).toEqual([
      "s0 x: resolved node-library x 1.2.3",
      "s1 x: resolved node-library x 1.2.3",
    ]);
    expect(versions(">=1.0.0", "<2")).toEqual([
      "s0 x: resolved node-library x >=1.0.0 <2",
      "s1 x: resolved node-library x >=1.0.0 <2",
    ]);
    expect(versions("1.2.3", "^2.0.0")).toEqual([
      "s0 x: resolved node-library x 1.2.3",
      "s1 x: unresolved - -",
    ]);
    expect(versions("1 || 2", "^3.0.0")).toEqual([
      "s0 x: resolved node-library x 1 || 2",
      "s1 x: unresolved - -",
    ]);
  });
});

describe("names that an installer would read as something else", () => {
  test.each([
    python("-r"),
    python("yaml;id"),
    python("../x"),
    python("x y", { naming: "package" }),
    python("x @ https://h/x.whl", { naming: "package" }),
    python("yaml", { range: ">=1 --index-url=http://h" }),
    python("yaml", { range: "==1.0\nRUN id" }),
    python("yaml", { extras: ["a]", "-x"] }),
    python("yaml", { package: "git+https://h/x" }),
    node("file:../x"),
    node("npm:evil"),
    node("x", { naming: "package", range: "git+ssh://h/x" }),
    node("x", { naming: "package", range: "npm:evil@1" }),
    node("x", { naming: "package", range: "latest" }),
    node("../../etc"),
    node("-g"),
  ])("$language $name $range $package: nothing comes of it", (wanted) => {
    const { libraries } = resolve([skill("bad", wanted), skill("good", python("yaml"))]);
    expect(libraries.find(({ dir }) => dir === "/skills/bad")).toMatchObject({
      status: "unresolved",
      recipe: null,
      promise: null,
    });
    expect(libraries.find(({ dir }) => dir === "/skills/good")).toMatchObject({ status: "resolved" });
  });
});

test("the user's own word says which package a module is, and keeps its version", () => {
  const said = python("nowhere", { package: "Some.Where", range: "==1.2", declared: true });
  const { rows, codes, libraries } = resolve([
    skill("a", python("some-where", { naming: "package", range: "==1.0" })),
    skill("b", said),
  ]);
  expect(rows).toEqual(["a some-where: unresolved - -", "b nowhere: resolved python-library some-where 1.2"]);
  expect(codes).toEqual(["warning LIBRARY_CONFLICT"]);
  expect(libraries[1]?.promise).toEqual({ language: "python", naming: "module", name: "nowhere" });
});

test("a module is not the package beside it whose name is refused", () => {
  const named = python("-odd-thing", { naming: "package" });
  const { rows } = resolve([{ ...skill("a", named, python("odd_thing")), named: [named] }]);
  expect(rows).toEqual(["a -odd-thing: unresolved - -", "a odd_thing: unresolved - -"]);
});

test("a skill that is not in the image has no say in its versions", () => {
  const apart = { ...skill("a", python("pandas", { naming: "package", range: ">=2.0" })), apart: true };
  expect(resolve([apart, skill("b", python("pandas"))]).rows).toEqual([
    "a pandas: resolved python-library pandas >=2.0",
    "b pandas: resolved apt python3-pandas",
  ]);
});

test("an excluded skill has rows, and the order of skills does not matter", () => {
  const skills = [
    skill("b", python("pandas", { naming: "package", range: "==2.0.1" })),
    { ...skill("c", python("yaml")), exclusion: "for darwin only" },
    skill("a", python("pandas", { naming: "package", range: "==2.0.0" }), node("docx")),
  ];
  const first = resolve(skills);
  expect(first.rows.at(-1)).toBe("c yaml: excluded - -");
  expect(resolve([...skills].reverse())).toEqual(first);
});
