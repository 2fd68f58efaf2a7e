import { describe, expect, test } from "vitest";
import { inferFrom, needsIn, needsOf } from "./needs-of.ts";

function python(text: string): string[] {
  return needsIn("scripts/run.py", text);
}

describe("imports of Python", () => {
  const forms: readonly (readonly [string, string, readonly string[]])[] = [
    ["a module", "import pypdf", ["pypdf"]],
    ["several, renamed", "import numpy as np, pandas as pd", ["numpy", "pandas"]],
    ["a module inside a package", "import matplotlib.pyplot as plt", ["matplotlib"]],
    ["from a package", "from PIL import Image", ["PIL"]],
    ["from a module inside one", "from docx.shared import Pt", ["docx"]],
    ["over several lines", "from lxml import (\n  etree,  # x\n  html,\n)", ["lxml"]],
    ["over a continued line", "from lxml \\\n  import etree", ["lxml"]],
    ["two statements on a line", "import yaml; import requests", ["requests", "yaml"]],
    ["in a function", "def main():\n    import openpyxl\n", ["openpyxl"]],
    ["with CRLF and a tab", "def main():\r\n\timport openpyxl\r\n", ["openpyxl"]],
    ["after a bracket that stays open", "x = (1,\nimport yaml\n", ["yaml"]],
    ["in a namespace of many packages", "from google.cloud import storage", ["google.cloud.storage"]],
    ["of a class in such a namespace", "from azure.identity import DefaultCredential", ["azure.identity"]],
    ["of the namespace alone", "import google", []],
    ["of the standard library", "import os, sys, json, tomllib, xml.etree.ElementTree", []],
    ["of what Debian ships apart from it", "import turtle, distutils.core", ["distutils", "tkinter"]],
    ["relative", "from . import a\nfrom .b import c\nfrom .. import d", []],
    ["in a text", '"""\nimport nothing\n"""\nx = "import nothing"\ns = r\'\\\'\nimport yaml', ["yaml"]],
    ["in a comment", "# import nothing\n", []],
    ["a word that begins alike", "important = 1\nfromage = 2\nimport_module = 3", []],
    ["for type checkers only", "if TYPE_CHECKING:\n    import pandas\nimport yaml", ["yaml"]],
    ["private", "import _internal", []],
    ["that is no name", "import 1x\nimport __proto__\nfrom a-b import c\nimport ünïcode", []],
  ];
  test.each(forms)("%s", (_, text, modules) => {
    expect(python(text)).toEqual(modules.map((name) => `certain python ${name}`));
  });

  test("one that the program does without is likely; one it ends without is certain", () => {
    const optional = "try:\n    import numpy\n    HAS = True\nexcept ImportError:\n    HAS = False\n";
    const advised =
      'try:\n  import numpy\nexcept ImportError:\n  print("pip install numpy")\n  sys.exit(1)\n';
    const returned =
      'try:\n  import numpy\nexcept ImportError:\n  print("please install numpy")\n  return 1\n';
    const handled = "try:\n  import numpy\n  work()\nexcept Exception as e:\n  print(e)\n";
    const cleaned = "try:\n  import numpy\nfinally:\n  close()\n";
    expect(python(optional)).toEqual(["likely python numpy"]);
    for (const text of [advised, returned, handled, cleaned]) {
      expect(python(text), text).toEqual(["certain python numpy"]);
    }
  });

  test("one that stands in for another, or is for another system or Python, is a guess", () => {
    expect(
      python("try:\n  import tomllib\nexcept ModuleNotFoundError:\n  import tomli as tomllib\nimport yaml"),
    ).toEqual(["guess python tomli", "certain python yaml"]);
    expect(python('if sys.platform == "win32":\n  import win32com\nelse:\n  import gi\n')).toEqual([
      "guess python gi",
      "guess python win32com",
    ]);
    expect(python('importlib.import_module("scipy.stats")')).toEqual(["likely python scipy"]);
  });

  test("modules of the skill are told apart from packages", () => {
    const files = {
      "scripts/main.py": "import helpers\nfrom office.pack import x\nimport lib_a\nimport yaml\nimport far",
      "scripts/helpers.py": "",
      "scripts/office/pack.py": "import helpers\nimport office",
      "src/lib_a/__init__.py": "",
      "other/far.py": "",
    };
    expect(needsOf(files)).toEqual(["certain python3", "likely python far", "certain python yaml"]);
  });
});

describe("programs that Python starts", () => {
  const forms: readonly (readonly [string, string, readonly string[]])[] = [
    ["a list", 'subprocess.run(["ffmpeg", "-i", path], check=True)', ["ffmpeg"]],
    ["another name of the module", 'import subprocess as sp\nsp.check_output(["qpdf"])', ["qpdf"]],
    ["imported functions", 'from subprocess import run as r\nr(("qpdf", x))', ["qpdf"]],
    ["a variable", 'cmd = ["soffice", "--headless"]\ncmd += [x]\nsubprocess.run(cmd)', ["soffice"]],
    ["a constant in a list", 'TOOL = "pdftoppm"\nsubprocess.call([TOOL, x])', ["pdftoppm"]],
    ["a shell's line", 'os.system("pandoc -o x.pdf | tee log && gs -q")', ["gs", "pandoc"]],
    ["a formatted line", 'subprocess.run(f"{tool} x && pdftk {a} {b}", shell=True)', ["pdftk"]],
    ["a program's name alone", 'asyncio.create_subprocess_exec("tesseract", path)', ["tesseract"]],
    ["a function that hands it on", 'def sh(args):\n  return subprocess.run(args)\nsh(["gs"])', ["gs"]],
    ["one that was looked for", 'exe = shutil.which("soffice")\nsubprocess.run([exe, x])', ["soffice"]],
    ["by the argument's name", 'subprocess.run(args=["gs", "-q"])', ["gs"]],
    ["Python itself", 'subprocess.run([sys.executable, "-m", "pip"])', []],
    ["by its path", 'subprocess.run(["/usr/bin/qpdf"])\nsubprocess.run(["./own.sh"])', ["qpdf"]],
    ["a method of something else", 'app.run(["server"])\nre.compile("x").call("y")', []],
  ];
  test.each(forms)("%s", (_, text, bins) => {
    expect(python(text)).toEqual(bins.map((name) => `certain ${name}`));
  });

  test("one that is only looked for is likely", () => {
    expect(python('if shutil.which("tesseract"):\n  pass')).toEqual(["likely tesseract"]);
    expect(python('for tool in ["qpdf", "gs"]:\n  if not shutil.which(tool):\n    pass')).toEqual([
      "likely gs",
      "likely qpdf",
    ]);
  });
});

test("of several that are looked for the first is certain where it is started", () => {
  const text = 'exe = shutil.which("soffice") or shutil.which("libreoffice")\nsubprocess.run([exe, x])';
  expect(python(text)).toEqual(["likely libreoffice", "certain soffice"]);
});

test("the place is the import's own", () => {
  const { needs } = inferFrom({ "scripts/a.py": "import os\n\n\ndef f():\n    import yaml\n" });
  expect(needs.find(({ name }) => name === "yaml")).toEqual({
    kind: "python",
    naming: "module",
    name: "yaml",
    confidence: "certain",
    evidence: "imported by scripts/a.py",
    place: { file: "/skills/plain/scripts/a.py", line: 5, column: 12 },
  });
});
