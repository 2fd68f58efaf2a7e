import { randomBytes } from "node:crypto";
import type { ThrowawayContainer } from "../throwaway-container.ts";

/** One way to start a program in a sandbox: which shell looks it up, and as whom. */
export interface LookupWay {
  /** `["sh", "-c"]`, `["sh", "-lc"]`, `["bash", "-lc"]` */
  readonly shell: readonly string[];
  /** `uid:gid`; absent: the image's own user. */
  readonly user?: string;
}

/**
 * Where `command -v` finds each name, and null where nothing that this user may execute is found. One command for all
 * names, which go in as arguments and never into the text of the script.
 */
export async function lookUpBinaries(
  container: ThrowawayContainer,
  names: readonly string[],
  way: LookupWay,
): Promise<ReadonlyMap<string, string | null>> {
  // A login shell's profile may print whatever it likes: only lines that begin with this are the script's.
  const marker = `${randomBytes(8).toString("hex")} `;
  const result = await container.exec({
    command: [...way.shell, script, "sh", marker, ...names],
    ...(way.user === undefined ? {} : { user: way.user }),
    outputLimitBytes: 4096 + names.length * 4096,
    timeoutMs: lookupTimeoutMs,
  });
  const found = result.stdout.split("\n").filter((line) => line.startsWith(marker));
  return new Map(names.map((name, index) => [name, found[index]?.slice(marker.length) || null]));
}

const lookupTimeoutMs = 30_000;

// `command -v` names a builtin, a function or an alias by itself; a program started without a shell needs the file.
const script = `
marker=$1
shift
for name do
  found=$(command -v "$name" 2>/dev/null)
  case $found in
  '' | /*) ;;
  *)
    found=
    rest=$PATH:
    while [ -n "$rest" ]; do
      folder=\${rest%%:*}
      rest=\${rest#*:}
      if [ -f "$folder/$name" ] && [ -x "$folder/$name" ]; then
        found=$folder/$name
        break
      fi
    done
    ;;
  esac
  [ -x "$found" ] || found=
  printf '%s%s\\n' "$marker" "$found"
done
`;
