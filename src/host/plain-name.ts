/** Throws where a text is not the name of one entry of a folder: a caller's mistake, never input. */
export function requirePlainName(name: string): void {
  if (isPlainName(name)) return;
  throw new RangeError(`Not a name in a folder: ${JSON.stringify(name.slice(0, 300))}`);
}

/** One component of a path, and not one that stands for another folder. */
export function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("/") && !name.includes("\0");
}
