import { describe, expect, test } from "vitest";
import { inferFrom, needsOf } from "./needs-of.ts";

describe("requirements.txt", () => {
  const lines: readonly (readonly [string, string | null])[] = [
    ["requests", "certain python:distribution requests"],
    ["Requests >= 2.31, < 3  # http", "certain python:distribution requests >=2.31,<3"],
    ["zope.interface==6.*", "certain python:distribution zope-interface ==6.*"],
    ["uvicorn[Standard,foo]~=0.29", "certain python:distribution uvicorn[standard,foo] ~=0.29"],
    ["foo (>=1)", "certain python:distribution foo >=1"],
    ["foo==1 --hash=sha256:00 \\\n  --hash=sha256:11", "certain python:distribution foo ==1"],
    ["foo; python_version < '3.12'", "certain python:distribution foo"],
    ['foo>1; sys_platform == "linux" and python_version >= "3.8"', "certain python:distribution foo >1"],
    ["foo; (strange or marker)", "certain python:distribution foo"],
    ["foo; sys_platform == 'win32'", null],
    ["foo; python_version < '3' or platform_system == 'Darwin'", null],
    ["# a comment", null],
    ["-r other-requirements.txt", null],
    ["", null],
  ];
  test.each(lines)("%s", (line, need) => {
    const { diagnostics } = inferFrom({ "requirements.txt": `\ufeff${line}`.slice(1) });
    expect(needsOf({ "requirements.txt": `${line}\r\n` })).toEqual(need === null ? [] : [need]);
    expect(diagnostics).toEqual([]);
  });

  test("every line has its place", () => {
    const { needs } = inferFrom({ "requirements.txt": "# x\n\nfoo\n  bar==1\n" });
    expect(needs.map(({ name, place, evidence }) => [name, place.line, place.column, evidence])).toEqual([
      ["bar", 4, 3, "listed in requirements.txt"],
      ["foo", 3, 1, "listed in requirements.txt"],
    ]);
  });

  test("files for development and for examples are only likely", () => {
    const names = ["requirements-dev.txt", "tests/requirements.txt", "assets/x/requirements.txt"];
    for (const name of names)
      expect(needsOf({ [name]: "foo" }), name).toEqual(["likely python:distribution foo"]);
    expect(needsOf({ "notes.txt": "foo" })).toEqual([]);
  });
});

describe("pyproject.toml and heads of scripts", () => {
  test("the standard's list", () => {
    const text = `[build-system]
requires = ["setuptools"]
[project]
name = "x"
dependencies = [ # why
  "foo>=1", 'bar[x]',
  "baz ; sys_platform == 'win32'",
]
[project.optional-dependencies]
dev = ["pytest"]
`;
    expect(needsOf({ "pyproject.toml": text })).toEqual([
      "certain python:distribution bar[x]",
      "certain python:distribution foo >=1",
    ]);
  });

  test("Poetry's table", () => {
    const text = `[tool.poetry.dependencies]
python = "^3.11"
foo = "^1.2.3"
zero = "^0.3"
tilde = "~1.4"
any = "*"
exact = "2.0"
long = { version = ">=1,<3", extras = ["x"] }
maybe = { version = "1", optional = true }
`;
    expect(needsOf({ "pyproject.toml": text })).toEqual([
      "certain python:distribution any",
      "certain python:distribution exact ==2.0",
      "certain python:distribution foo >=1.2.3,<2",
      "certain python:distribution long >=1,<3",
      "certain python:distribution tilde >=1.4,<1.5",
      "certain python:distribution zero >=0.3,<0.4",
    ]);
  });

  test("the head of a script", () => {
    const text = `#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "rich>=13",
#   "typer",
# ]
# ///
import rich
# /// script
# dependencies = ["not-this"]
# ///
`;
    const { needs } = inferFrom({ "x.py": text });
    expect(needsOf({ "x.py": text })).toEqual([
      "certain uv",
      "certain python:distribution rich >=13",
      "certain python rich",
      "certain python:distribution typer",
    ]);
    expect(needs.find(({ name }) => name === "typer")?.place).toMatchObject({ line: 6, column: 6 });
    expect(needsOf({ "x.py": "# /// script\n# dependencies = ['a']\n" })).toEqual(["certain python3"]);
  });
});

test("package.json: ranges, tags, lists", () => {
  const text = JSON.stringify(
    {
      dependencies: {
        docx: "^9.1.0",
        "@scope/x": ">=1 <2 || 3.x",
        plain: "latest",
        star: "*",
        hyphen: "1 - 2",
      },
      optionalDependencies: { sharp: "0.33.0" },
      devDependencies: { tsx: "~4.1" },
      peerDependencies: { react: "*" },
    },
    null,
    2,
  );
  expect(needsOf({ "package.json": text })).toEqual([
    "certain node @scope/x >=1 <2 || 3.x",
    "certain node docx ^9.1.0",
    "certain node hyphen 1 - 2",
    "certain node plain",
    "likely node sharp 0.33.0",
    "certain node star",
    "guess node tsx ~4.1",
  ]);
  expect(inferFrom({ "package.json": text }).needs[1]?.place).toMatchObject({ line: 3, column: 5 });
});
