import { type Code, joinReadings, type Language, nothing, type Reading } from "./code.ts";
import { fileKind, interpreterOfEnding } from "./file-kind.ts";
import type { Confidence, SkillFile } from "./inferred.ts";
import { isForNode, readJavaScript } from "./javascript/read-javascript.ts";
import { readMarkdown } from "./markdown/read-markdown.ts";
import { binMention, type Mention, weaker, within } from "./mention.ts";
import { type DependencyReading, noDependencies } from "./packages/dependency-file.ts";
import { readPackageJson } from "./packages/read-package-json.ts";
import { readPyproject, readScriptHead } from "./packages/read-pyproject.ts";
import { readRequirements } from "./packages/read-requirements.ts";
import { readPython } from "./python/read-python.ts";
import { interpretCommand } from "./shell/interpret-command.ts";
import { readShell } from "./shell/read-shell.ts";

/** Everything that one file of a skill tells. */
export function readFile({ path, text }: SkillFile): DependencyReading {
  const kind = fileKind(path);
  const limit = limitOf(path);
  const limited = ({ mentions, faults }: DependencyReading): DependencyReading => ({
    mentions: within(mentions, 0, limit),
    // Nothing of such a file is taken by itself.
    faults: limit === "certain" ? faults : [],
  });
  switch (kind) {
    case "requirements":
      return limited(readRequirements(text));
    case "pyproject":
      return limited(readPyproject(text));
    case "package-json":
      return limited(readPackageJson(text));
    case "markdown":
      return { mentions: readShown(path, text), faults: [] };
    default:
      return limited(readScript(path, text));
  }
}

/** Folders of what a skill gives to people or tries itself with, rather than runs. */
const aside =
  /(?:^|\/)(?:assets?|templates?|examples?|references?|samples?|boilerplates?|starters?|fixtures|docs?|tests?|__tests__|evals?)\/|(?:^|\/)(?:test_[^/]*|conftest|[^/]*[._-](?:test|spec|stories)|[^/]*\.config)\.[a-z]+$|\.[jt]sx$|(?:^|[/._-])(?:dev|test|tests|lint|docs)[._-]?requirements|requirements[._-](?:dev|test|tests|lint|docs)/i;

function limitOf(path: string): Confidence {
  return aside.test(path) ? "likely" : "certain";
}

function readScript(path: string, text: string): DependencyReading {
  const started = readFirstLine(path, text);
  const language = languageOf(path, started);
  const code: Reading = language === null ? nothing : readCode({ language, text, offset: 0 }, 0);
  const head = language === "python" ? readScriptHead(text) : noDependencies;
  return { mentions: [...started, ...code.mentions, ...head.mentions], faults: head.faults };
}

/** What runs the script: the program in its first line, or the one that its name stands for. */
function readFirstLine(path: string, text: string): readonly Mention[] {
  const [line = "", words = ""] = /^#!([^\n]{1,200})/.exec(text) ?? [];
  if (line !== "") {
    const parts = [...words.matchAll(/\S+/g)].map(({ 0: value, index }) => ({ value, offset: index + 2 }));
    return within(
      interpretCommand({ words: parts, document: null }).mentions,
      0,
      "certain",
      "named in the first line of",
    );
  }
  const bin = interpreterOfEnding(path);
  if (bin === null || text === "") return [];
  const confidence = bin === "node" && !isForNode(text) ? "guess" : "certain";
  return [binMention(bin, 0, confidence, "what runs")];
}

function languageOf(path: string, started: readonly Mention[]): Language | null {
  const kind = fileKind(path);
  if (kind === "python" || kind === "javascript" || kind === "shell") return kind;
  const names = started.map(({ name }) => name);
  if (names.some((name) => /^(?:python3?|uv)$/.test(name))) return "python";
  if (names.some((name) => /^(?:node|bun|deno|tsx|zx)$/.test(name))) return "javascript";
  return names.some((name) => /^(?:ba|z|da|k)?sh$/.test(name)) ? "shell" : null;
}

/** Programs inside programs further down are passed over. */
const maxDepth = 3;

function readCode({ language, text }: Code, depth: number): Reading {
  const { mentions, code } = readers[language](text);
  const inside = depth < maxDepth ? code : [];
  return joinReadings([
    { mentions, code: [] },
    ...inside.map((part) => ({
      mentions: within(readCode(part, depth + 1).mentions, part.offset),
      code: [],
    })),
  ]);
}

const readers: Readonly<Record<Language, (text: string) => Reading>> = {
  python: readPython,
  javascript: readJavaScript,
  shell: readShell,
};

/** What a SKILL.md shows is likely to be run; what other texts show, and the sources of apps, may never be. */
function readShown(path: string, text: string): Mention[] {
  const isSkillText = path.toLowerCase() === "skill.md";
  return readMarkdown(text).flatMap((block) => {
    const limit = weaker(isSkillText ? "likely" : "guess", block.isExample ? "guess" : "likely");
    const { mentions } = readCode(block, 0);
    return within(mentions, block.offset, limit).map((mention) => ({
      ...mention,
      confidence: isRatherText(mention) ? "guess" : mention.confidence,
      how: mention.how.replace(/ by$/, " in a block of"),
    }));
  });
}

/** Few commands begin with a capital letter, and many sentences do. */
function isRatherText({ kind, name }: Mention): boolean {
  return kind === "bin" && /^[A-Z]/.test(name) && !/^(?:R|Rscript|Xvfb|Xephyr)$/.test(name);
}
