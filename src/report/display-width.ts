import { withoutColors } from "./without-colors.ts";

/**
 * Columns that a text takes on a terminal: colour codes and combining marks take none, East Asian wide characters and
 * emoji take two (Unicode Standard Annex 11, its wide and fullwidth ranges).
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of withoutColors(text)) width += characterWidth(character);
  return width;
}

/** The text cut to so many columns, with `…` in the last one where something was cut. Expects no colour codes. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

const mark = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const emoji = /^\p{Emoji_Presentation}$/u;

function characterWidth(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x300) return 1;
  if (mark.test(character)) return 0;
  return isWide(point) || emoji.test(character) ? 2 : 1;
}

function isWide(point: number): boolean {
  return (
    (point >= 0x11_00 && point <= 0x11_5f) ||
    (point >= 0x2e_80 && point <= 0xa4_cf && point !== 0x30_3f) ||
    (point >= 0xac_00 && point <= 0xd7_a3) ||
    (point >= 0xf9_00 && point <= 0xfa_ff) ||
    (point >= 0xfe_30 && point <= 0xfe_6f) ||
    (point >= 0xff_00 && point <= 0xff_60) ||
    (point >= 0xff_e0 && point <= 0xff_e6) ||
    (point >= 0x2_00_00 && point <= 0x3_ff_fd)
  );
}
