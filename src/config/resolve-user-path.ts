import { isAbsolute, join, resolve } from "node:path/posix";

/** An absolute path as a person writes it, `~` and `~/…` for the home folder included; null: it is relative. */
export function resolveUserPath(path: string, homeDir: string): string | null {
  if (path === "~") return homeDir;
  if (path.startsWith("~/")) return join(homeDir, path.slice(2));
  return isAbsolute(path) ? resolve(path) : null;
}
