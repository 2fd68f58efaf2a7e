import { isAtOrBelow } from "./judge-target.ts";

/** Folders on the host by which sources of mounts are judged: absolute, without links, `.` and `..`. */
export interface BindGround {
  readonly homeDir: string;
  readonly stateDir: string;
  /** Of all sandboxes. */
  readonly workspaceRoot: string;
  /** The agent's own. */
  readonly agentWorkspace: string;
}

/** Why something of the host is not mounted; `external`: unless that was allowed by name. */
export interface SourceRefusal {
  readonly kind: "external" | "never";
  /** "it …" */
  readonly why: string;
}

/**
 * Judges a source by its spelling; letter case does not count, as on file systems that ignore it. `source` is absolute
 * and has no `.`, `..` or doubled slash. Null: nothing is wrong with it, as far as a spelling tells.
 */
export function judgeBindSource(source: string, ground: BindGround): SourceRefusal | null {
  const path = fold(source);
  const why = systemPath(path) ?? personalPath(path, ground) ?? gatewayPath(path, ground);
  if (why !== null) return { kind: "never", why };
  const roots = [ground.workspaceRoot, ground.agentWorkspace];
  if (roots.some((root) => isAtOrBelow(source, root))) return null;
  return { kind: "external", why: "it lies outside the agent's workspace and the folder of sandboxes" };
}

/** The host's own, and what its engines keep: nothing in them, and nothing that holds one of them. */
export const systemPaths: readonly string[] = [
  "/boot",
  "/dev",
  "/etc",
  "/proc",
  "/root",
  "/run",
  "/sys",
  "/var/lib/containerd",
  "/var/lib/containers",
  "/var/lib/docker",
  "/var/run",
];

/** Where programs keep logins, in whichever home. */
export const credentialNames: ReadonlySet<string> = new Set([
  ".aws",
  ".cargo",
  ".config",
  ".docker",
  ".gnupg",
  ".netrc",
  ".npm",
  ".ssh",
]);

/** Whoever may write to one of these is root on the host. */
export function isEngineSocketName(name: string): boolean {
  return /^(?:docker|dockershim|podman|containerd|crio|cri-dockerd|buildkitd)\.sock$/i.test(name);
}

/** Letter case and composed letters, as file systems that ignore them do. */
function fold(path: string): string {
  const folded = path.normalize("NFC").toLowerCase();
  // macOS keeps /etc and /var there, and links to them.
  return folded.startsWith("/private/") ? folded.slice("/private".length) : folded;
}

function systemPath(path: string): string | null {
  if (path === "/") return "it is the whole file system of the host";
  const near = systemPaths.find((system) => isAtOrBelow(path, system));
  if (near !== undefined) return `${near} is the host's own`;
  const below = systemPaths.find((system) => isAtOrBelow(system, path));
  return below === undefined ? null : `it holds ${below}, which is the host's own`;
}

function personalPath(path: string, { homeDir }: BindGround): string | null {
  const names = path.split("/");
  const credential = names.find((name) => credentialNames.has(name));
  if (credential !== undefined) return `programs keep logins in ${credential}`;
  if (isEngineSocketName(names.at(-1) ?? "")) return "whoever reaches an engine's socket is root on the host";
  const isHome = /^\/(?:home|users)(?:\/[^/]+)?$/.test(path) || isAtOrBelow(fold(homeDir), path);
  return isHome ? "it holds a home, with its logins" : null;
}

/** The gateway's state: its token, its channels' logins, other sessions' homes. */
function gatewayPath(path: string, ground: BindGround): string | null {
  const [stateDir, root] = [fold(ground.stateDir), fold(ground.workspaceRoot)];
  if (isAtOrBelow(stateDir, path)) return "it holds the gateway's state, with its logins";
  if (isAtOrBelow(root, path)) return "it holds every sandbox, with homes and secrets";
  const inRoot = insidePathOf(path, root);
  if (inRoot !== null) {
    const [scope = "", part] = inRoot.split("/");
    const isPrivate = /(?:^|-)[0-9a-f]{32}$/.test(scope) && part !== "workspace";
    return isPrivate ? "it holds a sandbox's home and secrets" : null;
  }
  if (isAtOrBelow(path, fold(ground.agentWorkspace))) return null;
  const inState = insidePathOf(path, stateDir);
  if (inState === null || /^(?:workspace|media|skills)/.test(inState)) return null;
  return "it lies in the gateway's state, with its logins";
}

/** The rest of a path below a folder; null: it does not lie there. */
function insidePathOf(path: string, folder: string): string | null {
  return path !== folder && isAtOrBelow(path, folder) ? path.slice(folder.length + 1) : null;
}
