/** A run of characters that are not shown. */
export interface HiddenText {
  /** In UTF-16 code units. */
  readonly offset: number;
  /** `U+200B` or `U+200B ×3, U+2060`; at most eight. */
  readonly points: string;
  /** What tag characters spell in ASCII; empty for others. */
  readonly meaning: string;
}

/**
 * Zero-width characters, bidirectional marks and overrides, tag characters, fillers and supplementary variation
 * selectors, but where a script needs them: joiners within emoji and within words of scripts that join, marks beside
 * right-to-left letters, tags that make a flag, a selector after an ideograph, a byte order mark at the start.
 */
export function findHiddenText(text: string): readonly HiddenText[] {
  const found: HiddenText[] = [];
  for (const match of text.matchAll(hiddenRun)) {
    if (isNeeded(text, match.index, match[0])) continue;
    found.push({ offset: match.index, points: describePoints(match[0]), meaning: decodeTags(match[0]) });
  }
  return found;
}

// Unicode 15: default ignorable code points that are not shown, without U+FE00–FE0F, which choose how emoji look. The
// last alternative is U+E0000–E03FF: tags and supplementary variation selectors.
const hiddenRun =
  /(?:[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]|\u034f|[\u180b-\u180f]|\udb40[\udc00-\udfff])+/g;

function isNeeded(text: string, offset: number, run: string): boolean {
  const before = lastCharacter(text.slice(Math.max(0, offset - 4), offset));
  const after = firstCharacter(text.slice(offset + run.length, offset + run.length + 4));
  if (run === "\ufeff") return offset === 0;
  if (run === "\u200d") return joins(before, after);
  if (run === "\u200c") return isJoiningLetter(before) && isJoiningLetter(after);
  if (run === "\u200e" || run === "\u200f" || run === "\u061c")
    return isRightToLeft(before) || isRightToLeft(after);
  if (/^[\u{e0020}-\u{e007e}]{1,6}\u{e007f}$/u.test(run)) return before === "\u{1f3f4}";
  if (/^[\u{e0100}-\u{e01ef}]$/u.test(run)) return /^\p{Script=Han}$/u.test(before);
  return false;
}

function joins(before: string, after: string): boolean {
  const isEmoji = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u.test(before);
  return (isEmoji && /^\p{Extended_Pictographic}$/u.test(after)) || isJoiningLetter(before);
}

function isJoiningLetter(character: string): boolean {
  return /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]$/u.test(
    character,
  );
}

function isRightToLeft(character: string): boolean {
  return /^[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]$/u.test(character);
}

function firstCharacter(text: string): string {
  return [...text][0] ?? "";
}

function lastCharacter(text: string): string {
  return [...text].at(-1) ?? "";
}

const mostShown = 8;

function describePoints(run: string): string {
  const groups: { point: string; count: number }[] = [];
  for (const character of run) {
    const point = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    const last = groups.at(-1);
    if (last?.point === point) last.count += 1;
    else groups.push({ point, count: 1 });
  }
  const shown = groups
    .slice(0, mostShown)
    .map(({ point, count }) => (count === 1 ? point : `${point} ×${count}`));
  const rest = groups.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}

/** Tag characters repeat ASCII at U+E0000. */
function decodeTags(run: string): string {
  return [...run]
    .map((character) => character.codePointAt(0) ?? 0)
    .filter((point) => point >= 0xe0020 && point <= 0xe007e)
    .map((point) => String.fromCharCode(point - 0xe0000))
    .join("");
}
