/** A size for people, in powers of 1000 as `docker images` and disks give them: `820 B`, `4.2 kB`, `133 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit] ?? "B"}`;
}

const units = ["B", "kB", "MB", "GB", "TB"];
