import { countRefusals } from "./refusal-counts.ts";
import { markVariable } from "./wrap-command.ts";

/**
 * The program of a warden, for any POSIX shell. It reads one request a line, and answers each with one line that begins
 * with the request's number. It starts no process, ever: `kill`, `read`, `printf` and `[` are the shell's own, and there
 * is no pipe and no `$( )`. So it works where the sandbox may start no more processes. Requests come after it on the same
 * standard input, once it has said that it is ready: some shells read ahead.
 *
 * `N end SIGNAL PID MARK`: signals the process group PID, then whatever still has MARK in its environment, together with
 * its group, and so what has left the group with `setsid`. With KILL it looks again until it finds nothing;
 * what keeps starting sessions faster than that is overtaken by stopping everything of this user while it is looked for.
 * `N count`: the kernel's counts of refusals.
 */
export const wardenScript = `${countRefusals}
exec 2>/dev/null
sk_has_mark() {
  [ -r "$1" ] || return 1
  while IFS= read -r sk_line || [ -n "$sk_line" ]; do
    case $sk_line in *"${markVariable}=$2"*) return 0 ;; esac
    sk_line=
  done <"$1"
  return 1
}
sk_group() {
  sk_line=
  read -r sk_line <"$1"
  set -- \${sk_line##*) }
  sk_pgid=$3
}
sk_signal_marked() {
  sk_found=
  for sk_dir in /proc/[0-9]*; do
    sk_pid=\${sk_dir#/proc/}
    case $sk_pid in 1 | $$) continue ;; esac
    sk_has_mark "$sk_dir/environ" "$2" || continue
    sk_found=yes
    sk_group "$sk_dir/stat"
    case $sk_pgid in 0 | 1 | '' | *[!0-9]* | $$) ;; *) kill "-$1" "-$sk_pgid" ;; esac
    kill "-$1" "$sk_pid"
  done
}
sk_end() {
  case $2 in 0 | 1 | '' | *[!0-9]*) ;; *) kill "-$1" "-$2" ;; esac
  sk_signal_marked "$1" "$3"
  [ "$1" = KILL ] || return 0
  sk_round=1
  while [ -n "$sk_found" ] && [ $sk_round -lt 20 ]; do
    sk_round=$((sk_round + 1))
    [ $sk_round -ne 4 ] || kill -STOP -1
    sk_signal_marked KILL "$3"
  done
  [ $sk_round -lt 4 ] || kill -CONT -1
}
printf '%s\\n' "0 ready"
while read -r sk_id sk_verb sk_signal sk_target sk_mark; do
  case $sk_verb in
    end)
      sk_end "$sk_signal" "$sk_target" "$sk_mark"
      printf '%s\\n' "$sk_id done"
      ;;
    count)
      sk_refusals
      printf '%s\\n' "$sk_id $sk_oom $sk_pids"
      ;;
  esac
done`;
