/** `1 skill`, `2 skills`, `no skills`; the plural is the singular with an `s` unless given. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  if (count === 0) return `no ${plural}`;
  return `${count} ${count === 1 ? singular : plural}`;
}
