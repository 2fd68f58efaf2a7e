import { fetchedBytesFile } from "./settings-paths.ts";

/** Writes the sum of the numbers that a command prints, one a line, as what a stage has fetched. */
export function sumBytes(command: string): string {
  // awk's whole numbers may end at 2 GiB.
  return `${command} | awk '{ sum += $1 } END { printf "%.0f\\n", sum }' > ${fetchedBytesFile}`;
}
