/** A text in a TOML document, as written between its quotes. */
export interface TomlText {
  readonly text: string;
  readonly offset: number;
}

/** A line `key = value` of a table; the value as far as its line goes. */
export interface TomlEntry {
  readonly key: string;
  readonly value: string;
  readonly offset: number;
  /** Where the value begins. */
  readonly valueOffset: number;
}

const line =
  /^[ \t]*(?:\[{1,2}[ \t]{0,8}([^\]\n]{1,200}?)[ \t]{0,8}\]|("[^"\n]*"|'[^'\n]*'|[\w.-]+)[ \t]*=[ \t]*([^\n]*))/gm;

/**
 * The entries of one table: what dependencies need of TOML, not all of it. `table` is empty for the top of the document.
 * Inside a value of several lines a line may look like an entry; readers ask for keys that they know.
 */
export function tomlEntries(text: string, table: string): TomlEntry[] {
  const entries: TomlEntry[] = [];
  let current = "";
  for (const { 0: whole, 1: header, 2: key, 3: value = "", index } of text.matchAll(line)) {
    if (header !== undefined) current = header;
    else if (current === table && key !== undefined) {
      const name = key.replace(/^["']|["']$/g, "");
      entries.push({ key: name, value, offset: index, valueOffset: index + whole.length - value.length });
    }
  }
  return entries;
}

const part = /([ \t\r\n,]+|#[^\n]*)|"((?:[^"\\\n]|\\[^\n])*)"|'([^'\n]*)'/y;

/** The texts of a list that begins at `start` with its bracket; null where it is no list of texts. */
export function tomlTexts(text: string, start: number): TomlText[] | null {
  if (text[start] !== "[") return null;
  const texts: TomlText[] = [];
  for (let index = start + 1; text[index] !== "]"; ) {
    part.lastIndex = index;
    const match = part.exec(text);
    if (match === null) return null;
    const [whole, , basic, literal] = match;
    if (basic !== undefined) texts.push({ text: basic.replace(/\\(["\\])/g, "$1"), offset: index + 1 });
    else if (literal !== undefined) texts.push({ text: literal, offset: index + 1 });
    index += whole.length;
  }
  return texts;
}
