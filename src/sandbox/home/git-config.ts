/** One line of a git configuration; section and key in lower case, as git compares them. */
export interface GitSetting {
  readonly section: string;
  readonly subsection: string | null;
  readonly key: string;
  /** Null: the key stands alone, which means true. */
  readonly value: string | null;
}

/** Reads git-config(1), "Syntax". What it does not allow is passed over: the host's git would not run with it. */
export function parseGitConfig(text: string): readonly GitSetting[] {
  const settings: GitSetting[] = [];
  let section: Pick<GitSetting, "section" | "subsection"> | null = null;
  // A backslash at the end of a line joins the next to it.
  for (const line of text
    .replace(/^\ufeff/, "")
    .replaceAll(/\\\r?\n/g, "\u0000")
    .split(/\r?\n/)) {
    const head = /^\s*\[([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\]\s*(.*)$/.exec(line);
    const [, name = "", subsection, rest] = head ?? [];
    if (head !== null) {
      section = toSection(name, subsection);
    }
    const entry = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?$/.exec(rest ?? (head === null ? line : ""));
    const [, key, written] = entry ?? [];
    if (section === null || key === undefined) continue;
    const value = written === undefined ? null : readValue(written);
    if (value !== undefined) settings.push({ ...section, key: key.toLowerCase(), value });
  }
  return settings;
}

/** Every value in quotes, so that nothing in it means anything else. */
export function renderGitConfig(settings: readonly GitSetting[]): string {
  return settings
    .map(({ section, subsection, key, value }) => {
      const name = subsection === null ? section : `${section} "${subsection.replaceAll(/["\\]/g, "\\$&")}"`;
      return `[${name}]\n\t${key}${value === null ? "" : ` = "${escapeValue(value)}"`}\n`;
    })
    .join("");
}

function toSection(name: string, subsection: string | undefined): Pick<GitSetting, "section" | "subsection"> {
  if (subsection !== undefined) {
    return { section: name.toLowerCase(), subsection: subsection.replaceAll(/\\(.)/g, "$1") };
  }
  // The old way: [section.subsection].
  const [section = "", ...below] = name.toLowerCase().split(".");
  return { section, subsection: below.length === 0 ? null : below.join(".") };
}

/** Undefined where quotes or escapes are wrong. */
function readValue(written: string): string | undefined {
  let value = "";
  let quoted = false;
  /** Spaces outside of quotes count only where something follows. */
  let spaces = "";
  for (let index = 0; index < written.length; index += 1) {
    const character = written[index] ?? "";
    if (character === "\u0000") continue;
    if (!quoted && (character === "#" || character === ";")) break;
    if (!quoted && /\s/.test(character)) {
      spaces += character;
      continue;
    }
    value += spaces;
    spaces = "";
    if (character === '"') quoted = !quoted;
    else if (character === "\\") {
      index += 1;
      const escaped = escapes.get(written[index] ?? "");
      if (escaped === undefined) return undefined;
      value += escaped;
    } else value += character;
  }
  return quoted ? undefined : value;
}

const escapes = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["b", "\b"],
  ['"', '"'],
  ["\\", "\\"],
]);

function escapeValue(value: string): string {
  return value
    .replaceAll(/["\\]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t")
    .replaceAll("\b", "\\b");
}
