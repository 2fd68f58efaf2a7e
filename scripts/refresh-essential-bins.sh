#!/bin/sh
# Writes src/recipe/catalog/essential-bins.ts: the commands that every Debian bookworm image has.
# Run it inside such an image (or on such a system), from the project's folder:
#   docker run --rm -v "$PWD:/project" -w /project IMAGE sh scripts/refresh-essential-bins.sh
set -eu

. /etc/os-release
if [ "${VERSION_CODENAME:-}" != bookworm ]; then
  echo "This is ${PRETTY_NAME:-an unknown system}; the list is made on Debian bookworm." >&2
  exit 1
fi

# Packages marked essential, the ones those always pull in (awk by base-files), and apt, without which nothing is built.
packages=$(dpkg-query --show --showformat '${Essential} ${binary:Package}\n' | sed -n 's/^yes //p')
packages="$packages mawk apt libc-bin debconf adduser passwd libpam-runtime perl-base tzdata"

list() {
  for package in $packages; do
    dpkg-query --listfiles "$package" 2>/dev/null |
      sed -nE "s#^(/usr)?/bin/([^/]+)\$#\\2 ${package%%:*}#p" || true
  done
  # Names that update-alternatives makes.
  echo awk mawk
  echo nawk mawk
  echo which debianutils
}

# Only what really answers to a plain user's PATH, in code unit order; names of one processor or version left out.
PATH=/usr/local/bin:/usr/bin:/bin
rows=$(list | LC_ALL=C sort -u | while read -r bin package; do
  case $bin in '[' | i386 | x86_64 | linux32 | linux64 | ld.so | *.textutils | perl5*) continue ;; esac
  if command -v -- "$bin" >/dev/null 2>&1; then echo "$bin $package"; fi
done | LC_ALL=C sort -u -k1,1)

{
  cat <<'HEAD'
// Made by scripts/refresh-essential-bins.sh: run it again instead of editing this.

/** Commands of every Debian bookworm image, those it cannot do without: command, package. */
const table = `
HEAD
  echo "$rows" | awk '{ print $2, $1 }' | LC_ALL=C sort | awk '
    $1 != package { if (line != "") print line; package = $1; line = "  " package ":" }
    length(line) + length($2) > 105 { print line; line = "    " }
    { line = line " " $2 }
    END { print line }'
  cat <<'TAIL'
`;

/** Command → the essential Debian package that ships it. */
export const essentialBins: ReadonlyMap<string, string> = new Map(
  table
    .trim()
    .split(/\n {2}(?=\S)/)
    .flatMap((row) => {
      const [name = "", ...bins] = row.trim().split(/:?\s+/);
      return bins.map((bin) => [bin, name] as const);
    }),
);
TAIL
} >src/recipe/catalog/essential-bins.ts
echo "$(echo "$rows" | wc -l) commands written." >&2
