import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The installed package's own folder: what holds `images/`, `skills/` and `scripts/`. The same from `src/host/`, and from
 * `dist/`, `dist/chunks/` and `dist/cli/`, where the build puts this.
 */
export function packageDir(): string {
  const above = fileURLToPath(new URL("..", import.meta.url));
  return existsSync(join(above, "package.json")) ? above : join(above, "..");
}

/** The image definitions that come with the package. */
export function builtInImagesDir(): string {
  return join(packageDir(), "images");
}
