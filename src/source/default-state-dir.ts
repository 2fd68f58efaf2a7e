import { isAbsolute, join } from "node:path";
import { resolveUserPath } from "../config/resolve-user-path.ts";

/**
 * Where this program remembers things between runs: `SKILLCRATE_STATE_DIR`, else `$XDG_STATE_HOME/skillcrate`, else
 * `~/.local/state/skillcrate`. As the XDG rules say, a relative `XDG_STATE_HOME` is not used. A relative
 * `SKILLCRATE_STATE_DIR` is one below the home folder, so that it does not depend on where a command is run.
 */
export function defaultStateDir(env: Readonly<Record<string, string | undefined>>, homeDir: string): string {
  const named = env["SKILLCRATE_STATE_DIR"]?.trim() ?? "";
  if (named !== "") return resolveUserPath(named, homeDir) ?? join(homeDir, named);
  const xdg = env["XDG_STATE_HOME"] ?? "";
  return join(isAbsolute(xdg) ? xdg : join(homeDir, ".local", "state"), "skillcrate");
}
