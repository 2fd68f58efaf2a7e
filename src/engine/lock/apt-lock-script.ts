import type { ImagePlan } from "../../plan/image-plan.ts";

/**
 * Lines of shell that say which package files apt takes for each part of a plan, for a container of the image below that
 * has just read the index (see `runWithAptIndex`). What a step of the build asks apt for is asked here in the same
 * words. Names have passed the grammar of a rendering.
 */
export function aptLockScript({ stages, layers }: ImagePlan): string {
  const toolchains = stages.filter((stage) => stage.kind === "toolchain");
  const packageLayers = layers.filter((layer) => layer.kind === "packages");
  return [
    fileFunctions,
    ...toolchains
      .filter(({ packages, alone }) => packages.length + alone.length > 0)
      .flatMap(({ id, packages, alone }) => [
        "cp /var/lib/dpkg/status $status",
        `part ${id} installed`,
        "if [ ! -e /etc/ssl/certs/ca-certificates.crt ]; then files_for ca-certificates; fi",
        `part ${id} unpacked`,
        ...(alone.length === 0 ? [] : [`stand_in ${alone.join(" ")}`, `files_of ${alone.join(" ")}`]),
        `files_for ${packages.join(" ")}`,
      ]),
    "cp /var/lib/dpkg/status $status",
    ...packageLayers.flatMap(({ id, packages }) => [
      `part ${id} layer`,
      `files_for ${packages.join(" ")}`,
      "take_as_installed",
    ]),
    "",
  ].join("\n");
}

/** `part ID ROLE` begins a list, `files_for PACKAGES` fills it. */
export const fileFunctions = `
status=/tmp/apt/status
answer=/tmp/apt/answer
part() { echo "part $1 $2"; }
files_for() {
  apt-get -q -y -o Dir::State::status=$status -o Acquire::ForceHash=sha256 -o APT::Cmd::Pattern-Only=true \\
    --no-install-recommends --no-remove --print-uris install -- "$@" >$answer
  grep "^'" $answer || true
}
files_of() { apt-get -q -o Acquire::ForceHash=sha256 --print-uris download -- "$@" | grep "^'"; }
stand_in() {
  apt-cache show --no-all-versions -- "$@" |
    sed -e 's/^Package:.*/&\\nStatus: install ok installed/' -e '/^Pre-Depends:/d' -e '/^Depends:/d' >>$status
}
take_as_installed() {
  sed -n "s/^'[^']*' \\([^_]*\\)_\\([^_]*\\)_.*/\\1=\\2/p" $answer | sed 's/%3a/:/g' >/tmp/apt/specs
  [ -s /tmp/apt/specs ] || return 0
  awk -v RS= -v ORS='\\n\\n' -v taken="$(sed 's/=.*//' /tmp/apt/specs)" '
    BEGIN { count = split(taken, names, "\\n"); while (count) replaced["Package: " names[count--]] = 1 }
    { split($0, lines, "\\n"); if (!(lines[1] in replaced)) print }' $status >$status.new
  xargs apt-cache show -- </tmp/apt/specs | sed 's/^Package:.*/&\\nStatus: install ok installed/' >>$status.new
  mv $status.new $status
}
apt-get indextargets --format '$(REPO_URI)' | sort -u | sed 's/^/archive /'
dpkg-query --show --showformat '\${db:Status-Status} \${Package} \${Version}\\n' | sed -n 's/^installed /has /p'
`;
