import { Transform } from "node:stream";

/** Takes secrets out of text on its way to people. */
export interface Redactor {
  /** The text with every secret in it replaced by `[redacted]`. */
  redact(text: string): string;
  /** The same for a stream of bytes, wherever its chunks are cut; everything else passes byte for byte. */
  stream(): Transform;
}

/**
 * A redactor for these values. Of each: the value itself, its lines if there are several, and its forms in base64 (also
 * inside a longer text, such as a user's name before it), URLs, and JSON. Values under four characters are not looked
 * for: they would be found in everything. This is a second net: nothing here prints secrets in the first place.
 */
export function createRedactor(values: Iterable<string>): Redactor {
  const forms = new Set<string>();
  for (const value of values) for (const form of formsOf(value)) forms.add(form);
  const ofText = [...forms];
  // A byte for each character: chunks may cut a character in two, and what is no text must pass unchanged.
  const ofBytes = ofText.map((form) => Buffer.from(form, "utf8").toString("latin1"));
  return {
    redact: (text) => replaceAll(text, ofText),
    stream: () => redactingStream(ofBytes),
  };
}

const replacement = "[redacted]";
const minCharacters = 4;

function formsOf(value: string): string[] {
  if (value.length < minCharacters) return [];
  const lines = value.split(/\r?\n/).filter((line) => line !== value && line.trim().length >= 8);
  const parts = [value, ...lines, ...lines.map((line) => line.trim())];
  const forms = parts.flatMap((part) => [part, ...urlForms(part), ...jsonForms(part), ...base64Forms(part)]);
  return forms.filter((form) => form.length >= minCharacters);
}

function urlForms(text: string): string[] {
  // A lone half of a surrogate pair has no form in URLs.
  if (/\p{Cs}/u.test(text)) return [];
  const encoded = encodeURIComponent(text);
  const strict = encoded.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const spellings = [encoded, strict, encodeURI(text)];
  return spellings.flatMap((url) => [url, lowerEscapes(url), url.replaceAll("%20", "+")]);
}

function lowerEscapes(url: string): string {
  return url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

function jsonForms(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  // Also as JSON inside JSON, with slashes escaped, and with everything beyond ASCII escaped.
  const ascii = once.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return [once, JSON.stringify(once).slice(1, -1), once.replaceAll("/", "\\/"), ascii];
}

/** At each of the three offsets that a text may have in what is encoded, without the characters its neighbours decide. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text, "utf8");
  const inside = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(from, to);
  });
  const whole = bytes.toString("base64");
  // Short ends are found in too much else.
  const forms = [whole, whole.replace(/=+$/, ""), ...inside.filter((form) => form.length >= 8)];
  return forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}

function replaceAll(text: string, forms: readonly string[]): string {
  return replaceRanges(text, findRanges(text, forms));
}

/** From (inclusive) and to (exclusive). */
type Range = readonly [number, number];

/** Every place of every form, joined where they overlap, in order. */
function findRanges(text: string, forms: readonly string[]): Range[] {
  const found: Range[] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
      found.push([at, at + form.length]);
    }
  }
  found.sort(([left], [right]) => left - right);
  const joined: Range[] = [];
  for (const [from, to] of found) {
    const last = joined.at(-1);
    if (last !== undefined && from < last[1]) joined[joined.length - 1] = [last[0], Math.max(last[1], to)];
    else joined.push([from, to]);
  }
  return joined;
}

function replaceRanges(text: string, ranges: readonly Range[]): string {
  let result = "";
  let done = 0;
  for (const [from, to] of ranges) {
    result += text.slice(done, from) + replacement;
    done = to;
  }
  return result + text.slice(done);
}

function redactingStream(forms: readonly string[]): Transform {
  let held = "";
  return new Transform({
    transform(chunk: Buffer | string, _encoding, done) {
      held += Buffer.from(chunk).toString("latin1");
      const ranges = findRanges(held, forms);
      const cut = safeCut(held, forms, ranges);
      const ready = ranges.filter(([, to]) => to <= cut);
      const text = replaceRanges(held.slice(0, cut), ready);
      held = held.slice(cut);
      done(null, Buffer.from(text, "latin1"));
    },
    flush(done) {
      done(null, Buffer.from(replaceAll(held, forms), "latin1"));
    },
  });
}

/** How much of a text cannot be the beginning of a secret that goes on in the next chunk. */
function safeCut(text: string, forms: readonly string[], ranges: readonly Range[]): number {
  let cut = text.length;
  for (const form of forms) cut = Math.min(cut, startOfUnfinished(text, form, cut));
  // What begins inside a secret that is complete stays with it.
  const around = ranges.find(([from, to]) => from < cut && cut < to);
  return around?.[0] ?? cut;
}

/** Where the longest end of the text begins that is a beginning of the form; the text's length: there is none. */
function startOfUnfinished(text: string, form: string, limit: number): number {
  const first = form.charAt(0);
  const earliest = Math.max(0, text.length - form.length + 1);
  for (let at = text.indexOf(first, earliest); at >= 0 && at < limit; at = text.indexOf(first, at + 1)) {
    if (form.startsWith(text.slice(at))) return at;
  }
  return text.length;
}
