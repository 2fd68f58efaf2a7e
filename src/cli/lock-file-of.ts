import { dirname, join } from "node:path";
import type { Overlay } from "../recipe/overlay.ts";
import { lockFileName } from "../source/lock-file-name.ts";

/** Where the lock is: beside the overlay. */
export function lockFileOf({ file }: Overlay): string {
  return join(dirname(file), lockFileName);
}
