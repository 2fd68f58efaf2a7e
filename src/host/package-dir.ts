import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The installed package's own folder: what holds `images/`, `skills/` and `scripts/`. The same from `src/host/` and
 * from `dist/chunks/`, where the build puts it.
 */
export function packageDir(): string {
  return fileURLToPath(new URL("../..", import.meta.url));
}

/** The image definitions that come with the package. */
export function builtInImagesDir(): string {
  return join(packageDir(), "images");
}
