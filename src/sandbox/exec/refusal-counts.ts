/** How often the kernel has refused a container something, since the container was started. */
export interface RefusalCounts {
  /** SandboxProcesses that it killed since the memory limit was reached. */
  readonly outOfMemory: number;
  /** SandboxProcesses that it did not start since the limit of processes was reached. */
  readonly pidsLimit: number;
}

/**
 * Shell code that puts both counts into `sk_oom` and `sk_pids`, `-` where they cannot be read. It starts no process, so
 * that it works where none can be started. In control groups of version 2 each count has a file of events; in version 1
 * that of memory is a line of `memory.oom_control`. Names begin with `sk_`: an exported variable keeps its value.
 */
export const countRefusals = `sk_count() {
  sk_n=-
  [ -r "$1" ] || return 0
  while read -r sk_key sk_value; do
    case $sk_key in "$2") sk_n=$sk_value ;; esac
  done <"$1"
}
sk_refusals() {
  sk_dir=/sys/fs/cgroup
  if [ -r $sk_dir/memory.events ]; then
    sk_count $sk_dir/memory.events oom_kill; sk_oom=$sk_n
    sk_count $sk_dir/pids.events max; sk_pids=$sk_n
  else
    sk_count $sk_dir/memory/memory.oom_control oom_kill; sk_oom=$sk_n
    sk_count $sk_dir/pids/pids.events max; sk_pids=$sk_n
  fi
}`;

/** Null where the kernel tells none, as under gVisor. */
export function parseRefusalCounts(outOfMemory = "", pidsLimit = ""): RefusalCounts | null {
  if (!/^\d{1,15}$/.test(outOfMemory) && !/^\d{1,15}$/.test(pidsLimit)) return null;
  return { outOfMemory: toCount(outOfMemory), pidsLimit: toCount(pidsLimit) };
}

function toCount(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
