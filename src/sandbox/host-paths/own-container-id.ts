/** What a process can read of where it runs. */
export interface OwnTraces {
  /** `/proc/self/mountinfo`. */
  readonly mountinfo: string;
  /** `/proc/self/cgroup`. */
  readonly cgroup: string;
}

/**
 * The id of the container that a process runs in; null: it runs in none, or in one that leaves no trace. Engines mount files
 * of their own over `/etc/hostname` and its like, from a folder that is named for the container; older ones name the cgroup so.
 */
export function ownContainerId({ mountinfo, cgroup }: OwnTraces): string | null {
  for (const line of mountinfo.split("\n")) {
    // Fields 4 and 5: the root of the mount in its file system, and where it is mounted.
    const [, root = "", target = ""] = /^\S+ \S+ \S+ (\S+) (\S+) /.exec(line) ?? [];
    if (!/^\/etc\/(?:hostname|hosts|resolv\.conf)$/.test(target)) continue;
    const [, id] = /\/(?:containers|overlay-containers)\/([0-9a-f]{64})\//.exec(root) ?? [];
    if (id !== undefined) return id;
  }
  return /(?:docker|libpod|cri-containerd)[-/]([0-9a-f]{64})/.exec(cgroup)?.[1] ?? null;
}
