/** Puts a skill's folder, as the reader sees it, where a skill's text says `{baseDir}`. */
export function renderBaseDir(text: string, baseDir: string): string {
  return text.replaceAll("{baseDir}", () => baseDir);
}
