import { describe, expect, test } from "vitest";
import { inferNeeds } from "../../src/infer/infer-needs.ts";
import { binaryPattern } from "../../src/skill/name-grammars.ts";
import { inferFrom } from "../infer/needs-of.ts";
import { plainSkill } from "../support/plain-skill.ts";

describe("dependencies that an installer would read as something else", () => {
  const python: readonly string[] = [
    "--index-url=http://h/simple",
    "--extra-index-url https://user:secret@h/simple",
    "-r /etc/passwd",
    "-r ../../etc/passwd",
    "-c https://user@h/c.txt",
    "-e ../other",
    "-oProxyCommand=id",
    "--global-option id",
    "./../x.whl",
    "/tmp/x.whl",
    "file:///etc/passwd",
    "http://127.0.0.1/x.whl",
    "git+ssh://h/x",
    "name @ file:///etc/passwd",
    "name @ http://h/x.whl",
    "name @ git+ssh://git@h/x",
    "a; b; $(id)",
    "$(id)",
    "`id`",
    "a b",
    "a==1 b==2",
    "a\u0000b",
    "a==1;id\u001b[2J&&b",
    "ａ",
    "a==$(id)",
    "a[$(id)]",
    `a${"b".repeat(600)}`,
  ];
  test.each(python)("requirements.txt: %j", (line) => {
    const { needs, diagnostics } = inferFrom({ "requirements.txt": `${line}\ngood==1\n` });
    // A marker that is none is not known to fail; the name before it is still a plain one.
    const names = needs.map(({ name }) => name);
    expect(names).toEqual(line.startsWith("a; b") || line.startsWith("a==1;") ? ["a", "good"] : ["good"]);
    if (names.length === 1) {
      expect(diagnostics).toMatchObject([
        { code: "INFER_PACKAGE_REFUSED", severity: "error", place: { line: 1, column: 1 } },
      ]);
      expect(diagnostics[0]?.message).not.toMatch(/\p{Cc}/u);
    }
  });

  const node: readonly (readonly [string, unknown])[] = [
    ["x", "npm:evil@1"],
    ["x", "file:.."],
    ["x", "file:/etc"],
    ["x", "git+ssh://h/x"],
    ["x", "git://h/x"],
    ["x", "http://h/x.tgz"],
    ["x", "https://user:secret@h/x.tgz"],
    ["x", "--registry=http://h"],
    ["x", "1; id"],
    ["x", "$(id)"],
    ["x", 1],
    ["x", { y: 1 }],
    ["x", null],
    ["../x", "1"],
    ["--registry", "1"],
    ["X y", "1"],
    ["a b", "1"],
    ["@/x", "1"],
    ["_x", "1"],
    ["x".repeat(300), "1"],
  ];
  test.each(node)("package.json: %j: %j", (name, version) => {
    const text = JSON.stringify({ dependencies: { [name]: version, good: "1" } });
    const { needs, diagnostics } = inferFrom({ "package.json": text });
    expect(needs.map((need) => need.name)).toEqual(["good"]);
    expect(diagnostics).toMatchObject([{ code: "INFER_PACKAGE_REFUSED", severity: "error" }]);
  });

  test("package.json: keys of JavaScript's own objects", () => {
    const text =
      '{ "dependencies": { "__proto__": "1", "constructor": "1", "good": "1" }, "__proto__": { "x": 1 } }';
    expect(inferFrom({ "package.json": text }).needs.map(({ name }) => name)).toEqual([
      "constructor",
      "good",
    ]);
    expect(inferFrom({ "package.json": text }).diagnostics).toHaveLength(1);
  });

  test("what people mean well is said and not followed", () => {
    const { needs, diagnostics } = inferFrom({
      "requirements.txt":
        "-e .\n--pre\n-i https://h/simple\nx @ https://h/x.whl\ngit+https://h/x@v1\n./local\n",
      "package.json": JSON.stringify({
        dependencies: { a: "workspace:*", b: "github:x/y", c: "file:./c", JSONStream: "1" },
      }),
      "x/pyproject.toml":
        '[project]\ndependencies = 1\n[tool.poetry.dependencies]\na = ">=1 || >3"\nb = [\n{ git = "https://h" }\n]\n',
      "y/package.json": "{",
    });
    expect(needs).toEqual([]);
    expect(new Set(diagnostics.map(({ severity }) => severity))).toEqual(new Set(["warning"]));
    expect(diagnostics).toHaveLength(14);
  });
});

describe("scripts that are made to confuse", () => {
  const names = "jq\\\nid;$(id)&&`id`|\"a b\" '-rf' ../x *";

  test("no name leaves that its grammar does not allow", () => {
    const { needs } = inferFrom({
      "a.sh": `${names}\n'a;b' x\n"a\tb"\n$'\\x41'\n-rf x\n${"a".repeat(70)} x\n\u202Eabc x\nа x\n`,
      "a.py": `import os\nos.system("${"x y".repeat(9)}; --help; a\\nb")\nsubprocess.run(["a b", "c"])\nsubprocess.run(["-rf"])`,
      "a.js": 'require("child_process").execSync("a\\u0000b | -x"); require("a\u0000b")',
      "SKILL.md": "```sh\n\u001b[2J\n\u200bjq\n```",
    });
    for (const need of needs) {
      if (need.kind === "bin") expect(need.name).toMatch(binaryPattern);
      else expect(need.name).toMatch(/^[\w@./-]+$/);
      expect(need.evidence).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });

  test("a path with control characters is escaped in the evidence", () => {
    const { needs } = inferFrom({ "a\u001b[2J\n.py": "import yaml" });
    expect(needs.map(({ evidence }) => evidence)).toEqual([
      "what runs a\\u001b[2J\\n.py",
      "imported by a\\u001b[2J\\n.py",
    ]);
  });

  test("ten thousand dependencies are cut, and that is said", () => {
    const text = Array.from({ length: 10_000 }, (_, index) => `name-${index}`).join("\n");
    const { needs, diagnostics } = inferFrom({ "requirements.txt": text });
    expect(needs).toHaveLength(500);
    expect(diagnostics).toMatchObject([{ code: "INFER_CUT", severity: "warning" }]);
    const refused = inferFrom({ "requirements.txt": Array(10_000).fill("$(id)").join("\n") });
    expect(refused.diagnostics.length).toBeLessThanOrEqual(500);
  });

  /** Time that grew with the square of this would take minutes. */
  const size = 64 * 1024;
  const units: readonly string[] = [
    "(",
    ")",
    "[",
    "{",
    "}",
    '"',
    "'",
    "`",
    "\\",
    "$",
    "$(",
    "${",
    "$((",
    "<<A\n",
    "<<A ",
    "((",
    "[[ ",
    "a=(",
    "case x in ",
    "if ",
    "sudo ",
    "env ",
    "A=1 ",
    "f() {",
    "find -exec ",
    "sh -c '",
    "# /// script\n",
    "try:\n",
    "try{",
    "import ",
    "from a import b,",
    "import{a}",
    "require(",
    "`${",
    "/*",
    "//",
    "/",
    "/[",
    '"""',
    "f'{",
    "\\\n",
    "#",
    "```\n",
    "```sh\n",
    "> ",
    "- ",
    "<a ",
    "[a|",
    "a.",
    "a,",
    "a=",
    "subprocess.run(x)\n",
    'x="a"\n',
    "--hash=",
    "a;",
    "a @ https://h/",
    "[project]\n",
    "dependencies=[",
    '"a",',
    "[ ",
    "\t",
    " ",
    "\n",
    "\r",
    "\u0000",
    "\u00a0",
    "é",
    "😀",
    "which a;",
    "command -v a || ",
    "&>",
    "2>",
    "|",
    "&",
    ";;",
  ];
  const paths = [
    "a.sh",
    "a.py",
    "a.mjs",
    "SKILL.md",
    "requirements.txt",
    "pyproject.toml",
    "package.json",
    "tool",
  ];

  test.each(units)("%j over and over, in every kind of file", (unit) => {
    const text = unit.repeat(Math.ceil(size / unit.length));
    const files = paths.map((path) => ({ path, text: path === "tool" ? `#!/bin/sh\n${text}` : text }));
    const { needs } = inferNeeds(plainSkill(), files);
    expect(needs.length).toBeLessThanOrEqual(500);
  });

  test("programs inside programs, deeper than anybody writes them", () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `sh <<E${index}`);
    const ends = Array.from({ length: 20_000 }, (_, index) => `E${19_999 - index}`);
    expect(inferFrom({ "a.sh": [...lines, "jq .", ...ends].join("\n") }).needs).toEqual([]);
    const nested = `${"$(".repeat(50_000)}jq${")".repeat(50_000)}`;
    expect(inferFrom({ "a.sh": nested }).diagnostics).toEqual([]);
    const indented = Array.from({ length: 900 }, (_, index) => `${" ".repeat(index)}try:`).join("\n");
    expect(inferFrom({ "a.py": `${indented}\nimport yaml` }).needs.map(({ name }) => name)).toContain("yaml");
  });
});
