import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The installed package's own folder: what holds `images/`, `skills/` and `scripts/`. The same from `src/source/` and
 * from `dist/source/`.
 */
export function packageDir(): string {
  return fileURLToPath(new URL("../..", import.meta.url));
}

/** The image definitions that come with the package. */
export function builtInImagesDir(): string {
  return join(packageDir(), "images");
}
