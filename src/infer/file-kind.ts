/**
 * How a file is read. `plain`: a name without an ending, whose first line decides. `other`: a script in a language of
 * which only the interpreter counts.
 */
export type FileKind =
  | "python"
  | "javascript"
  | "shell"
  | "markdown"
  | "requirements"
  | "pyproject"
  | "package-json"
  | "other"
  | "plain";

/** Null for a file that tells nothing about what a skill needs. */
export function fileKind(path: string): FileKind | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const known = names.get(name);
  if (known !== undefined) return known;
  const dot = name.lastIndexOf(".");
  if (dot === -1) return "plain";
  const ending = name.slice(dot + 1);
  if (ending === "txt") return /(?:^|[-_.])requirements(?:[-_.]|$)/.test(name) ? "requirements" : null;
  return endings.get(ending) ?? null;
}

/** Interpreter of scripts that have no first line to name one. */
export function interpreterOfEnding(path: string): string | null {
  return interpreters.get(path.slice(path.lastIndexOf(".") + 1).toLowerCase()) ?? null;
}

const names = new Map<string, FileKind>([
  ["pyproject.toml", "pyproject"],
  ["package.json", "package-json"],
]);

const endings = new Map<string, FileKind>([
  ...["py", "pyw"].map((ending) => [ending, "python"] as const),
  ...["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"].map((ending) => [ending, "javascript"] as const),
  ...["sh", "bash", "zsh", "ksh", "dash", "command"].map((ending) => [ending, "shell"] as const),
  ...["md", "markdown"].map((ending) => [ending, "markdown"] as const),
  ...["rb", "pl", "lua", "php", "r", "fish", "ps1", "tcl", "awk", "swift", "applescript"].map(
    (ending) => [ending, "other"] as const,
  ),
]);

/** TypeScript has no entry: several programs run it, and only a first line tells which. */
const interpreters = new Map([
  ["py", "python3"],
  ["js", "node"],
  ["mjs", "node"],
  ["cjs", "node"],
  ["sh", "sh"],
  ["bash", "bash"],
  ["zsh", "zsh"],
  ["ksh", "ksh"],
  ["rb", "ruby"],
  ["pl", "perl"],
  ["lua", "lua"],
  ["php", "php"],
  ["r", "Rscript"],
  ["fish", "fish"],
  ["tcl", "tclsh"],
]);
