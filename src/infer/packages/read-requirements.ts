import { type DependencyReading, joinDependencies, noDependencies } from "./dependency-file.ts";
import { pythonDependency } from "./python-dependency.ts";

/** A requirements.txt, as pip reads it. No option of it is followed, and no other file is read for it. */
export function readRequirements(text: string): DependencyReading {
  return joinDependencies(
    [...text.matchAll(logicalLine)].map(({ 0: line, index }) => {
      const written = line.replace(/\\\r?\n/g, " ").replace(/(?:^|\s)#[^\n]*/, "");
      const offset = index + (line.length - line.trimStart().length);
      return readLine(
        written.replace(/\s--(?:hash|config-settings|global-option)[=\s]\S+/g, "").trim(),
        offset,
      );
    }),
  );
}

/** A line with those that a backslash adds to it. */
const logicalLine = /(?:[^\\\n]+|\\\r?\n|\\)+/g;

function readLine(line: string, offset: number): DependencyReading {
  if (line === "") return noDependencies;
  if (line.length > longest) return fault("refused", `it has more than ${longest} characters`, line, offset);
  if (line.startsWith("-")) return readOption(line, offset);
  if (/^[\w.+-]+:\/\/|^[./~]|^[^@]*\.(?:whl|zip|tar\.gz)$/.test(line))
    return readLocation(line, line, offset);
  return pythonDependency(line, offset);
}

const longest = 500;
const option = /^(--?[a-z][a-z-]*)(?:[=\s]\s*|(?=\S)|$)(.*)$/s;

/** Options that say where packages come from, or which of them; the sandbox's own settings decide that. */
const known = new Set(
  "-i --index-url --extra-index-url --no-index -f --find-links --no-binary --only-binary --prefer-binary --require-hashes --pre --trusted-host --use-feature".split(
    " ",
  ),
);

function readOption(line: string, offset: number): DependencyReading {
  const [, name = line, value = ""] = option.exec(line) ?? [];
  switch (name) {
    case "-r":
    case "-c":
    case "--requirement":
    case "--constraint":
      // A file of requirements inside the skill is read by itself.
      return /requirements[\w.-]*\.txt$/.test(value) && !leadsOut(value)
        ? noDependencies
        : readLocation(value, line, offset);
    case "-e":
    case "--editable":
      return readLocation(value, line, offset);
    default:
      if (!known.has(name)) return fault("refused", "it is no option of such a file", line, offset);
      return /:\/\//.test(value)
        ? readLocation(value, line, offset)
        : fault("unsupported", optionReason, line, offset);
  }
}

const optionReason = "options of pip are not followed";

/** A file, a folder or an address. */
function readLocation(location: string, line: string, offset: number): DependencyReading {
  const isAddress = /^[\w.+-]+:/.test(location);
  if (
    isAddress &&
    !/^(?:git\+)?https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[^\s@]*(?:@[\w./-]+)?[^\s@]*)?$/.test(location)
  ) {
    return fault("refused", "its address is not plain https", line, offset);
  }
  if (!isAddress && leadsOut(location)) return fault("refused", "it leads out of the skill", line, offset);
  return fault(
    "unsupported",
    isAddress ? "addresses are not followed" : "files and folders are not installed",
    line,
    offset,
  );
}

function leadsOut(path: string): boolean {
  return /^[/~]|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(path);
}

function fault(
  kind: "refused" | "unsupported",
  reason: string,
  text: string,
  offset: number,
): DependencyReading {
  return { mentions: [], faults: [{ kind, reason, text, offset }] };
}
