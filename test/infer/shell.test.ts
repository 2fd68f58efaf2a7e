import { describe, expect, test } from "vitest";
import { needsIn, needsOf } from "./needs-of.ts";

function shell(text: string): string[] {
  return needsIn("scripts/run.sh", text);
}

describe("commands of a shell script", () => {
  const forms: readonly (readonly [string, string, readonly string[]])[] = [
    ["one", "ffmpeg -i a.mp4 b.gif", ["ffmpeg"]],
    [
      "in a pipe, a list and the background",
      "pandoc a | rg b && gs -q; qpdf c & exiftool d",
      ["exiftool", "gs", "pandoc", "qpdf", "rg"],
    ],
    [
      "after assignments and programs that run it",
      "A=1 B='x y' sudo -u me env C=2 timeout -k 5 10 ffmpeg x",
      ["ffmpeg"],
    ],
    [
      "given to xargs and find",
      "find . -name x -exec sips -Z {} \\; | xargs -0 -n 1 optipng",
      ["optipng", "sips"],
    ],
    ["in substitutions", 'A=$(jq .x "$(yq y)") B=`rg z` diff <(xxd a) <(xxd b)', ["jq", "rg", "xxd", "yq"]],
    ["in texts", 'echo "$(jq .) done" \'$(nothing)\' "\\$(nothing)"', ["jq"]],
    [
      "in control structures",
      "if jq .; then yq a; elif rg b; then :; else fd c; fi\nwhile gs; do qpdf; done",
      ["fd", "gs", "jq", "qpdf", "rg", "yq"],
    ],
    ["in a loop's body, not its words", "for x in a b c; do pandoc $x; done", ["pandoc"]],
    [
      "in a case, not its patterns",
      "case $1 in\n  a|b) jq . ;;\n  (c) yq . ;;\n  *) rg x\nesac\ngs",
      ["gs", "jq", "rg", "yq"],
    ],
    ["in functions, whose names are none", "f() { jq .; }\nfunction g { yq .; }\nf; g | f", ["jq", "yq"]],
    ["in a subshell and a group", "(cd x && jq .) || { yq .; }", ["jq", "yq"]],
    [
      "beside tests and arithmetic",
      "[[ -f a && b || c ]] && jq .\nif [[ $x =~ ^(a|b)$ ]]; then yq .; fi\n(( x > y )) && rg z\n((x++))\nz=$((a / b))\nfor ((i=0;i<3;i++)); do gs; done",
      ["gs", "jq", "rg", "yq"],
    ],
    ["beside redirections", "jq . <in >out 2>&1 >>log 2>/dev/null &>all; yq<<<text", ["jq", "yq"]],
    ["beside arrays", "a=(one two \"$(jq .)\" 'th)ree')\ndeclare -a b=(four)\nyq .", ["jq", "yq"]],
    ["over continued lines", "ffmpeg \\\n  -i x \\\n  y\r\njq", ["ffmpeg", "jq"]],
    ["not in comments", "# jq .\nyq . # rg x\n", ["yq"]],
    ["not in here-documents", "cat > x <<EOF\njq .\nEOF\ncat <<-'END' | yq\n\trg\n\tEND\ngs", ["gs", "yq"]],
    [
      "by their paths",
      '/usr/bin/jq .; /opt/homebrew/bin/yq; ./own.sh; ~/bin/x; "$DIR/y"; scripts/z',
      ["jq", "yq"],
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the code that is looked at.
    ["not known before it runs", '"$TOOL" x; ${A}b; $(echo c) d', []],
    [
      "builtins, and what every system has",
      "cd x; echo y; export Z=1; source a; printf b; ls; grep c; set -e; trap d EXIT",
      [],
    ],
    ["what changes the machine", "apt-get install jq; brew install yq; sudo systemctl start x", []],
    [
      "given to another shell",
      "bash -euc 'jq . | yq'; sh -c \"rg x\"; bash <<EOF\ngs\nEOF",
      ["gs", "jq", "rg", "yq"],
    ],
    ["aliases are none", "alias ll='ls -l' k=kubectl\nll; k get", []],
    [
      "what is looked for, and ended without",
      "command -v jq >/dev/null || { echo no; exit 1; }\njq .",
      ["jq"],
    ],
    ["the same over lines", "if ! which yq >/dev/null; then\n  echo no\n  exit 1\nfi\nyq .", ["yq"]],
  ];
  test.each(forms)("%s", (_, text, bins) => {
    expect(shell(text)).toEqual(bins.map((name) => `certain ${name}`));
  });

  test("one that the script does without is likely", () => {
    expect(shell("if command -v optipng; then optipng x; fi\nexit 2")).toEqual(["likely optipng"]);
    expect(shell("if type -P gs >/dev/null\nthen\n  gs x\nelse\n  echo none\nfi\n")).toEqual(["likely gs"]);
  });

  test("one of macOS is a guess where the script asks for the system", () => {
    expect(shell('if [ "$(uname)" = Darwin ]; then open x; else xdg-open x; fi')).toEqual([
      "guess open",
      "certain xdg-open",
    ]);
  });

  test("programs inside: Python and JavaScript", () => {
    const text = `python3 - <<'PY'
import openpyxl
PY
python3 -c "import yaml; print(yaml)"
python -m markitdown x
node -e 'require("docx")'
node <<JS
import "sharp"
JS
`;
    expect(shell(text)).toEqual([
      "certain python",
      "certain node docx",
      "certain node sharp",
      "certain python markitdown",
      "certain python openpyxl",
      "certain python yaml",
    ]);
  });

  test("packages that it installs are likely, and what installs them is no need", () => {
    const text = `pip install -U -r x.txt 'python-pptx>=1' "uvicorn[standard]" ./local
python3 -m pip install requests
uv pip install httpx && uv run --with rich x.py
npm install --save docx@^9 @scope/name
npm i -g prettier
pnpm add -D typescript
npx -y marp@4 x.md
npm run build`;
    expect(shell(text)).toEqual([
      "likely marp",
      "certain npm",
      "certain npx",
      "certain uv",
      "likely node @scope/name",
      "likely node docx ^9",
      "guess node typescript",
      "likely python:distribution httpx",
      "likely python:distribution python-pptx >=1",
      "likely python:distribution requests",
      "likely python:distribution rich",
      "likely python:distribution uvicorn[standard]",
    ]);
  });
});

test("functions of another file or block are no programs", () => {
  const files = {
    "scripts/lib.sh": "log_info() {\n  tput bold\n}\n",
    "scripts/run.sh": "source ./lib.sh\nlog_info x\njq .",
    "SKILL.md": "```sh\nask() {\n  curl x\n}\n```\n\n```sh\nask y | rg z\n```\n",
  };
  expect(needsOf(files)).toEqual(["likely curl", "certain jq", "likely rg"]);
});

describe("what runs a script", () => {
  const lines: readonly (readonly [string, string, readonly string[]])[] = [
    ["tool", "#!/usr/bin/env ruby\nputs 1", ["certain ruby"]],
    ["tool", "#!/usr/bin/env -S uv run --script\nimport yaml", ["certain uv", "certain python yaml"]],
    ["tool", "#!/usr/bin/python3.11\nimport yaml", ["certain python3", "certain python yaml"]],
    ["tool.ts", "#!/usr/bin/env bun\nimport 'zod'", ["certain bun", "certain node zod"]],
    ["tool.ts", "import 'zod'", ["certain node zod"]],
    ["tool.rb", "puts 1", ["certain ruby"]],
    ["tool.py", "print(1)", ["certain python3"]],
    ["tool.mjs", "process.exit(0)", ["certain node"]],
    ["page.js", "document.title = 1", ["guess node"]],
    ["tool", "#!/bin/bash\njq .", ["certain jq"]],
  ];
  test.each(lines)("%s: %j", (path, text, needs) => {
    expect(needsOf({ [path]: text })).toEqual(needs);
  });
});
