/** Only the letters A to Z: those of other scripts that look or fold alike, such as the Kelvin sign, stay what they are. */
export function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
