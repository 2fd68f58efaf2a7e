/** Takes out the codes that colour text (SGR), which programs write into their logs, and nothing else. */
export function withoutColors(text: string): string {
  return text.replace(colorCode, "");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
const colorCode = /\u001b\[[0-9;]*m/g;
