import { expect, test } from "vitest";
import { inferFrom, needsOf } from "./needs-of.ts";

const fence = "```";

function block(language: string, ...lines: readonly string[]): string {
  return [`${fence}${language}`, ...lines, fence, ""].join("\n");
}

test("what a SKILL.md shows is likely, sources of apps and what other texts show a guess", () => {
  const text = `Run \`ffmpeg\` yourself.\n${block("bash", "pandoc x")}${block("python", "import pandas")}${block("js", "import 'react'")}${block("yaml", "jq: 1")}${block("", "rg x")}`;
  expect(needsOf({ "SKILL.md": text })).toEqual([
    "likely pandoc",
    "guess node react",
    "likely python pandas",
  ]);
  expect(needsOf({ "references/more.md": text })).toEqual([
    "guess pandoc",
    "guess node react",
    "guess python pandas",
  ]);
});

test("fences in lists and quotations, longer ones, ones of tildes, and one that is not closed", () => {
  const text = `1. first\n   ${fence}sh\n   pandoc x\n   ${fence}\n> ~~~~ {.bash}\n> jq .\n> ~~~~\n\n${fence}${fence}md\n${block("bash", "no")}${fence}${fence}\n${fence}zsh\nrg x\n`;
  expect(needsOf({ "SKILL.md": text })).toEqual(["likely jq", "likely pandoc", "likely rg"]);
});

test("where there are prompts, only what follows them was typed", () => {
  const shown = ["$ pandoc x \\", "    -o y", "Output of something", "$ rg z", "more text"];
  for (const language of ["console", "bash"]) {
    expect(needsOf({ "SKILL.md": block(language, ...shown) })).toEqual(["likely pandoc", "likely rg"]);
  }
  expect(needsOf({ "SKILL.md": block("", ...shown) })).toEqual(["guess pandoc", "guess rg"]);
});

test("placeholders and usages are no commands", () => {
  const lines = ["pandoc <file> [--on|off] [a | b]", "rg {baseDir}/x", "{baseDir}/run.sh", "gs <in|out>"];
  expect(needsOf({ "SKILL.md": block("bash", ...lines) })).toEqual([
    "likely gs",
    "likely pandoc",
    "likely rg",
  ]);
});

test("a word with a capital letter is rather text", () => {
  expect(needsOf({ "SKILL.md": block("bash", "Write the code", "R -e 1", "Rscript x.R") })).toEqual([
    "likely R",
    "likely Rscript",
    "guess Write",
  ]);
});

test("the place is in the block", () => {
  const { needs } = inferFrom({
    "SKILL.md": `---\nname: x\n---\n\n${block("bash", "ls", "cat x | pandoc y")}`,
  });
  expect(needs).toMatchObject([
    { name: "pandoc", place: { line: 7, column: 9 }, evidence: "run in a block of SKILL.md" },
  ]);
});
