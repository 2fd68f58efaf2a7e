import type { HomePaths } from "./home-paths.ts";
import { xdgNames } from "./home-paths.ts";

/** The name of the user inside; the entry in passwd gives it to any uid. */
export const accountName = "sandbox";

interface ToolVariable {
  readonly name: string;
  readonly under: "home" | "XDG_CACHE_HOME" | "XDG_DATA_HOME";
  readonly path: string;
  /** Why it is set at all. */
  readonly reason: string;
}

/**
 * Where tools keep what they download and install: in the home, so that it works on a read-only root and lasts. Caches
 * are below XDG_CACHE_HOME, which an export leaves out. Most are the tools' own defaults, set since an image may point
 * them into its read-only part.
 */
export const toolVariables: readonly ToolVariable[] = [
  {
    name: "npm_config_cache",
    under: "XDG_CACHE_HOME",
    path: "npm",
    reason: "npm's default, ~/.npm, is no cache folder by XDG",
  },
  {
    name: "npm_config_prefix",
    under: "home",
    path: ".local",
    reason: "npm install --global goes to a read-only root otherwise",
  },
  {
    name: "PIP_CACHE_DIR",
    under: "XDG_CACHE_HOME",
    path: "pip",
    reason: "images often turn it off or move it",
  },
  {
    name: "PIPX_HOME",
    under: "XDG_DATA_HOME",
    path: "pipx",
    reason: "images with programs from pipx point it to /opt",
  },
  { name: "PIPX_BIN_DIR", under: "home", path: ".local/bin", reason: "goes with PIPX_HOME" },
  { name: "UV_CACHE_DIR", under: "XDG_CACHE_HOME", path: "uv", reason: "images often move it" },
  {
    name: "UV_TOOL_DIR",
    under: "XDG_DATA_HOME",
    path: "uv/tools",
    reason: "uv tool install goes to a read-only /opt in images with tools of their own",
  },
  { name: "GOPATH", under: "XDG_DATA_HOME", path: "go", reason: "official Go images set it to /go" },
  { name: "GOCACHE", under: "XDG_CACHE_HOME", path: "go-build", reason: "Go needs one that it can write" },
  {
    name: "GOMODCACHE",
    under: "XDG_CACHE_HOME",
    path: "go-mod",
    reason: "modules can be downloaded again, so they are cache and not data",
  },
  {
    name: "CARGO_HOME",
    under: "home",
    path: ".cargo",
    reason: "official Rust images set it to /usr/local/cargo; this is where guides look",
  },
  {
    name: "PLAYWRIGHT_BROWSERS_PATH",
    under: "XDG_CACHE_HOME",
    path: "ms-playwright",
    reason: "hundreds of megabytes that must last; set it in docker.env for an image with browsers in it",
  },
];

/**
 * The variables of a home, all paths inside. Names of tools that `docker.env` sets itself are left to it.
 */
export function homeEnvironment(
  { home, xdg, runtimeDir }: HomePaths,
  dockerEnv: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {
    HOME: home,
    // Some programs ask these and not passwd.
    USER: accountName,
    LOGNAME: accountName,
    ...Object.fromEntries(xdgNames.map((name) => [name, xdg[name]])),
    XDG_RUNTIME_DIR: runtimeDir,
  };
  for (const { name, under, path } of toolVariables) {
    if (Object.hasOwn(dockerEnv, name)) continue;
    environment[name] = `${under === "home" ? home : xdg[under]}/${path}`;
  }
  return environment;
}
