import { compareText } from "../../diagnostic/compare-text.ts";
import { escapeText } from "../../diagnostic/quote-value.ts";
import type { ImageFacts } from "../image-facts.ts";
import type { ThrowawayContainer } from "../throwaway-container.ts";

/** What an image has besides its binaries. */
export interface Survey {
  readonly user: ImageFacts["user"];
  readonly hasBash: boolean;
  /** Whether there is a `timeout` that can kill what does not listen. */
  readonly hasTimeout: boolean;
  /** Of the processes that keep the container alive. */
  readonly keepers: readonly string[];
}

/** Who commands run as, and which tools the probe can count on. An image without `sh` tells nothing. */
export async function surveyImage(container: ThrowawayContainer): Promise<Survey> {
  const result = await container.exec({
    command: ["sh", "-c", script],
    outputLimitBytes: 64 * 1024,
    timeoutMs: 30_000,
  });
  const [uid, gid, name, home, bash, timeout, processes = ""] = result.stdout.split("\n");
  return {
    user: {
      name: escapeText(name ?? ""),
      uid: toId(uid),
      gid: toId(gid),
      home: escapeText(home ?? ""),
    },
    hasBash: bash === "yes",
    hasTimeout: timeout === "yes",
    keepers: processes.split(" "),
  };
}

/** Debian packages that are installed, by name; empty where the image has no dpkg. */
export async function listPackages(container: ThrowawayContainer): Promise<Readonly<Record<string, string>>> {
  const result = await container.exec({
    command: ["dpkg-query", "--show", "--showformat", `\${db:Status-Status} \${Package} \${Version}\\n`],
    outputLimitBytes: 8 * 1024 * 1024,
    timeoutMs: 30_000,
  });
  if (result.exitCode !== 0) return {};
  const rows = result.stdout
    .split("\n")
    .map((line) => line.split(" "))
    .flatMap(([status, name, version]) =>
      status === "installed" && name !== undefined && version !== undefined ? [[name, version] as const] : [],
    );
  return Object.fromEntries(rows.sort(([left], [right]) => compareText(left, right)));
}

// One answer a line. The home comes from the user database: HOME is the probe's own.
const script = `
mkdir -p "$HOME" && chmod 1777 "$HOME"
uid=$(id -u)
entry=$(getent passwd "$uid" 2>/dev/null || cat /etc/passwd 2>/dev/null)
home=
while IFS=: read -r _ _ entry_uid _ _ entry_home _; do
  [ "$entry_uid" = "$uid" ] && home=$entry_home && break
done <<END
$entry
END
echo "$uid"
id -g
id -un 2>/dev/null || echo
echo "$home"
command -v bash >/dev/null && echo yes || echo no
timeout -k 1 5 true 2>/dev/null && echo yes || echo no
cd /proc && echo [0-9]*
`;

/** -1: the image does not tell. */
function toId(text: string | undefined): number {
  return text !== undefined && /^[0-9]{1,10}$/.test(text) ? Number(text) : -1;
}
