import { describe, expect, test } from "vitest";
import { needsIn, needsOf } from "./needs-of.ts";

function javascript(text: string): string[] {
  return needsIn("scripts/run.mjs", text);
}

describe("packages that JavaScript imports", () => {
  const forms: readonly (readonly [string, string, readonly string[]])[] = [
    ["require", 'const { Document } = require("docx");', ["docx"]],
    [
      "import",
      "import a, { b as c } from 'pptxgenjs'\nimport * as d from \"exceljs\";",
      ["exceljs", "pptxgenjs"],
    ],
    ["import over several lines", "import {\n  a, // x\n  b,\n} from 'docx';", ["docx"]],
    [
      "import for its effects, and an export",
      "import 'sharp';\nexport * from \"zod\";\nexport { x } from 'ms'",
      ["ms", "sharp", "zod"],
    ],
    ["import when it is needed", 'const x = await import("pdf-lib")', ["pdf-lib"]],
    [
      "a file of a package, a scope",
      'require("lodash/fp"); require("@scope/name/file.js")',
      ["@scope/name", "lodash"],
    ],
    [
      "files, Node's own modules, addresses",
      'require("./a"); import "../b.js"; import fs from "node:fs"; import "path"; import "fs/promises"; import "https://x/y.js"; import "#own"; import "@/alias"',
      [],
    ],
    [
      "types alone",
      'import type { A } from "a-types"; export type { B } from "b-types"; import x from "real"',
      ["real"],
    ],
    [
      "in texts, comments and patterns",
      "'require(\"a\")'; // require('b')\n/* import 'c' */ const r = /require(\"d\")'/; x = 4 / 2; import 'real'",
      ["real"],
    ],
    [
      "in a template's expression, not its text",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the code that is looked at.
      "`require(\"a\") ${require(\"real\") + `${1}`} import 'b'`; import 'other'",
      ["other", "real"],
    ],
    ["another thing's require", 'mocked.require("a"); requires("b"); import.meta.url', []],
    ["what is no name", 'require("UPPER"); require(""); require("-rf"); require("a b"); require(name)', []],
    ["in text of a page", "const a = <p>Don't</p>\nimport 'real'", ["real"]],
  ];
  test.each(forms)("%s", (_, text, names) => {
    expect(javascript(text)).toEqual(names.map((name) => `certain node ${name}`));
  });

  test("one that the program does without is likely; one it ends without is certain", () => {
    expect(javascript('try { x = require("sharp") } catch { x = null }')).toEqual(["likely node sharp"]);
    expect(javascript('try { await import("sharp") } catch (e) { process.exit(1) }')).toEqual([
      "certain node sharp",
    ]);
    expect(javascript('try { require("sharp") } catch (e) { console.error("npm install sharp") }')).toEqual([
      "certain node sharp",
    ]);
    expect(javascript('try { require("sharp") } finally { f() }')).toEqual(["certain node sharp"]);
    expect(javascript('try { f() } catch { require("jimp") }')).toEqual(["guess node jimp"]);
    expect(javascript('require.resolve("sharp")')).toEqual(["likely node sharp"]);
  });

  test("the skill's own packages are none, versions come from package.json, and a component is only likely", () => {
    const files = {
      "package.json": '{ "name": "own", "dependencies": { "docx": "^9.1.0" } }',
      "scripts/a.js": 'require("own/x"); require("docx")',
      "ui/b.tsx": 'import "react"',
    };
    expect(needsOf(files)).toEqual(["certain node", "certain node docx ^9.1.0", "likely node react"]);
  });
});

describe("programs that JavaScript starts", () => {
  const forms: readonly (readonly [string, string, readonly string[]])[] = [
    [
      "execFile",
      'import { execFileSync } from "node:child_process"; execFileSync("qpdf", ["--check"])',
      ["qpdf"],
    ],
    [
      "a shell's line",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the code that is looked at.
      'const { execSync: sh } = require("child_process"); sh(`ffmpeg -i ${x} y | jq .`)',
      ["ffmpeg", "jq"],
    ],
    [
      "the module",
      'const cp = require("child_process"); cp.spawn("soffice", ["--headless", x])',
      ["soffice"],
    ],
    [
      "made a promise",
      'import { exec } from "child_process";\nconst run = promisify(exec);\nawait run("pandoc x")',
      ["pandoc"],
    ],
    ["a variable", 'import { exec } from "child_process"; const c = "gs -q"; exec(c)', ["gs"]],
    [
      "a function that hands it on",
      'import { spawn } from "child_process"; function run(c, a) { return spawn(c, a); }\nrun("magick", ["x"])',
      ["magick"],
    ],
    [
      "another shell",
      'import { spawn } from "child_process"; spawn("sh", ["-c", "rg x | fd y"])',
      ["fd", "rg"],
    ],
    ["Bun", 'Bun.spawn(["yt-dlp", url])', ["yt-dlp"]],
    ["a pattern's exec", 'import { spawn } from "child_process"; re.exec("gs"); spawn(x)', []],
    ["a function of that name of one's own", 'function exec(x) {}\nexec("gs")', []],
  ];
  test.each(forms)("%s", (_, text, bins) => {
    expect(javascript(text)).toEqual(bins.map((name) => `certain ${name}`));
  });

  test("zx and execa", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the code that is looked at.
    expect(javascript('import { $ } from "zx"; await $`pdftotext ${a} - | rg b`')).toEqual([
      "certain pdftotext",
      "certain rg",
      "certain node zx",
    ]);
    expect(javascript('import { execa } from "execa"; await execa("tesseract", [a])')).toEqual([
      "certain tesseract",
      "certain node execa",
    ]);
  });
});
