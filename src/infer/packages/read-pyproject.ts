import { type DependencyReading, joinDependencies, noDependencies } from "./dependency-file.ts";
import { poetryRange } from "./poetry-range.ts";
import { pythonDependency } from "./python-dependency.ts";
import { type TomlEntry, tomlEntries, tomlTexts } from "./read-toml-list.ts";

/** What a pyproject.toml says that a program needs to run, in the standard's way or in Poetry's. */
export function readPyproject(text: string): DependencyReading {
  return joinDependencies([
    readList(text, "project"),
    ...tomlEntries(text, "tool.poetry.dependencies").map(readPoetryEntry),
  ]);
}

/** The head of a script with its requirements (PEP 723); none where there is none. */
export function readScriptHead(text: string): DependencyReading {
  const opening = /^# \/\/\/ script[ \t]*\r?\n/m.exec(text);
  if (opening === null) return noDependencies;
  const start = opening.index + opening[0].length;
  const rest = text.slice(start);
  const length = rest.search(/^# \/\/\/[ \t]*\r?$|^(?!#)/m);
  if (!rest.startsWith("# ///", length)) return noDependencies;
  // Blanks instead of what is not TOML keep every offset.
  const head = rest.slice(0, length).replace(/^#/gm, " ");
  return readList(" ".repeat(start) + head, "");
}

function readList(text: string, table: string): DependencyReading {
  const entry = tomlEntries(text, table).find(({ key }) => key === "dependencies");
  if (entry === undefined) return noDependencies;
  const texts = tomlTexts(text, entry.valueOffset);
  if (texts === null) {
    const reason = "its dependencies are no list of texts";
    return { mentions: [], faults: [{ kind: "invalid", reason, text: entry.key, offset: entry.offset }] };
  }
  return joinDependencies(texts.map((item) => pythonDependency(item.text, item.offset)));
}

function readPoetryEntry({ key, value, offset }: TomlEntry): DependencyReading {
  if (key === "python" || /\boptional\s*=\s*true\b/.test(value)) return noDependencies;
  const version = /^(?:\{.*?\bversion\s*=\s*)?["']([^"']*)["']/.exec(value)?.[1];
  const range = version === undefined ? null : poetryRange(version);
  if (range !== null && !/\b(?:git|path|url|file)\s*=/.test(value))
    return pythonDependency(key + range, offset);
  const reason = "only a version, or a list of them that all hold, is read of Poetry's table";
  return { mentions: [], faults: [{ kind: "unsupported", reason, text: `${key} = ${value}`, offset }] };
}
