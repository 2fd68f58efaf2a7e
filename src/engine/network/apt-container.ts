import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { mirrorExpression } from "../../dockerfile/network-files.ts";
import type { NetworkSettings } from "../../dockerfile/network-settings.ts";
import type { Engine, ExecResult } from "../engine.ts";
import { sandboxLimits, withThrowawayContainer } from "../throwaway-container.ts";
import { networkEnv } from "./network-env.ts";

export interface AptWork {
  readonly image: string;
  readonly network: NetworkSettings;
  readonly signal: AbortSignal;
  /** Lines of shell that run after `apt-get update`; apt's lists are in `/tmp/apt/lists`. */
  readonly script: string;
  /** Whether lists of packages are read, or only the release files that sign them. */
  readonly packages: boolean;
}

/**
 * Reads the package index anew in a throw-away container of an image, with the image's own sources, and runs a script
 * there; gives what the script prints. The image stays as it is: everything happens in a tmpfs. Throws `APT_FAILED`
 * with apt's own words.
 */
export async function runWithAptIndex(engine: Engine, work: AptWork): Promise<string> {
  const { image, network, signal } = work;
  const tmpfs = { "/tmp": "rw,exec,nosuid,nodev,mode=1777,size=512m" };
  const spec = { ...sandboxLimits, tmpfs, image, user: "0:0", env: {}, network: "bridge" };
  const result = await withThrowawayContainer(engine, spec, signal, (container) =>
    container.exec({
      command: ["sh", "-ec", prepare + work.script, "sh", ...inPieces(network.caPem ?? "")],
      // For this command only: a mirror's or a proxy's URL may hold a password, `inspect` shows the container's own
      // variables, and arguments show in the machine's process list.
      env: {
        ...networkEnv(network),
        SKILLCRATE_MIRROR: network.aptMirror === null ? "" : mirrorExpression(network.aptMirror),
        SKILLCRATE_PACKAGES: String(work.packages),
      },
      outputLimitBytes: 4 * 1024 * 1024,
      timeoutMs: 300_000,
    }),
  );
  if (result.exitCode === 0) return result.stdout;
  throw aptFailed(image, result);
}

// Without any capability apt can neither become its own user nor write that user's folders: it has others here.
const prepare = `
work=/tmp/apt
mkdir -p $work/lists/partial $work/cache/archives/partial $work/sources
export APT_CONFIG=$work/apt.conf
cat >$APT_CONFIG <<END
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::IndexTargets::deb::Packages::DefaultEnabled "$SKILLCRATE_PACKAGES";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
Dir::Cache "$work/cache/";
Dir::State::Lists "$work/lists/";
END
if [ $# -gt 0 ]; then
  printf '%s' "$@" >$work/ca.pem
  cat /etc/ssl/certs/ca-certificates.crt >>$work/ca.pem 2>/dev/null || true
  echo "Acquire::https::CaInfo \\"$work/ca.pem\\";" >>$APT_CONFIG
fi
if [ -n "$SKILLCRATE_MIRROR" ]; then
  printf '%s\\n' "$SKILLCRATE_MIRROR" >$work/mirror.sed
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    if [ -f "$list" ]; then sed -E -f $work/mirror.sed "$list" >"$work/sources/\${list##*/}"; fi
  done
  echo "Dir::Etc::SourceList \\"/dev/null\\"; Dir::Etc::SourceParts \\"$work/sources/\\";" >>$APT_CONFIG
fi
apt-get -q update >&2
`;

/** The kernel takes no argument of more than 128 KiB, and bundles of certificates are larger. */
function inPieces(text: string): string[] {
  return text.match(/.{1,60000}/gsu) ?? [];
}

function aptFailed(image: string, { stdout, stderr, exitCode, timedOut }: ExecResult): SkillcrateError {
  const lines = `${stdout}\n${stderr}`.split("\n");
  const said = lines.filter((line) => /^E: /.test(line)).map((line) => line.slice("E: ".length));
  const reason = timedOut
    ? "it took more than 300 s"
    : (said[0] ?? lines.findLast((line) => line.trim() !== ""));
  return new SkillcrateError(
    "APT_FAILED",
    `apt cannot read its index in a container of ${image}: ${escapeText(reason ?? `exit code ${exitCode}`)}`,
    { hint: "Containers must reach the Debian mirror; --apt-mirror, --http-proxy and --ca tell them how." },
  );
}
