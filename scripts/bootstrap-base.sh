#!/usr/bin/env bash
# Makes the root file system of a bookworm-slim base image, as a tar, from a Debian mirror and nothing else: for
# machines that reach no image registry. The same state of the mirror gives the same bytes.
#
#   bootstrap-base.sh --output FILE|- [--arch ARCH] [--mirror URL [--security-mirror URL]]
#
#   --output FILE|-         where the tar goes; nothing is written there before it is complete
#   --arch ARCH             Debian's name of the processor (amd64, arm64); default: this machine's
#   --mirror URL            download from this mirror instead of the one that apt uses here
#   --security-mirror URL   where its security updates are; default: beside it, with "-security" at the end
#
# A mirror whose URL holds a password is named by the variable SKILLCRATE_APT_MIRROR instead: every user of the machine
# can read the arguments of a process.
#
# As root, or as a user whom the uidmap package gives subordinate ids. The image's own sources name what apt uses on
# this machine where it is Debian's archive, else the mirror that was used; credentials in them are left out.
# Exit codes: 0 done · 1 failed · 2 wrong usage · 130/143 stopped by a signal; then nothing is left behind.
set -euo pipefail
umask 022

readonly release=bookworm
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib/apt.sh
. "$here/lib/apt.sh"

output=
arch=
mirror=${SKILLCRATE_APT_MIRROR:-}
unset SKILLCRATE_APT_MIRROR
security_mirror=
work=
mmdebstrap_pid=

main() {
  parse_arguments "$@"
  require_mmdebstrap
  require_keyring
  work=$(mktemp -d)
  # In its own user namespace mmdebstrap is someone else and must still get through.
  chmod 0711 "$work"
  trap remove_work EXIT
  trap 'stop 130' INT
  trap 'stop 143' TERM HUP
  choose_sources
  copy_hooks
  run_mmdebstrap
  deliver
}

parse_arguments() {
  while (($# > 0)); do
    case $1 in
      --output | --arch | --mirror | --security-mirror)
        [ -n "${2:-}" ] || usage_error "$1 needs a value"
        ;;&
      --output) output=$2 ;;
      --arch) arch=$2 ;;
      --mirror) mirror=$(checked_url "$2") || usage_error "not an http or https URL: $2" ;;
      --security-mirror) security_mirror=$(checked_url "$2") || usage_error "not an http or https URL: $2" ;;
      *) usage_error "unknown argument: $1" ;;
    esac
    shift 2
  done
  [ -n "$output" ] || usage_error "--output is missing"
  [ -z "$mirror" ] || mirror=$(checked_url "$mirror") || usage_error "SKILLCRATE_APT_MIRROR is not an http or https URL"
  [ -z "$security_mirror" ] || [ -n "$mirror" ] || usage_error "--security-mirror goes with --mirror"
  [[ $arch =~ ^[a-z0-9]*$ ]] || usage_error "not a processor's name: $arch"
}

# The URL without a slash at its end, if it can stand in a line of apt's sources.
checked_url() {
  local pattern='^https?://[^][[:space:]]+$'
  [[ $1 =~ $pattern ]] && printf '%s' "${1%/}"
}

usage_error() {
  say "bootstrap-base.sh: $1"
  say "usage: bootstrap-base.sh --output FILE|- [--arch ARCH] [--mirror URL [--security-mirror URL]]"
  exit 2
}

say() {
  printf '%s\n' "$*" >&2
}

fail() {
  say "bootstrap-base.sh: $1"
  shift
  (($# == 0)) || printf '  %s\n' "$@" >&2
  exit 1
}

require_mmdebstrap() {
  command -v mmdebstrap >/dev/null && return
  if ! can_install_packages; then
    fail "mmdebstrap is needed to make the base image. On Debian or Ubuntu, type:" \
      "sudo apt-get install -y mmdebstrap uidmap debian-archive-keyring"
  fi
  say "mmdebstrap makes the base image and is not installed. Installing it:"
  say "  apt-get update && apt-get install -y --no-install-recommends mmdebstrap debian-archive-keyring"
  install_packages mmdebstrap debian-archive-keyring || fail "apt could not install mmdebstrap: its messages are above."
}

# Ubuntu has mmdebstrap without the keys of Debian's archive.
require_keyring() {
  [ -r "$keyring" ] || fail "the keys of Debian's archive are needed. Type:" \
    "sudo apt-get install -y debian-archive-keyring"
}

# Lines in apt's one-line form: where packages are downloaded, and what the image's own sources say (empty: the same).
download_lines=
image_lines=

choose_sources() {
  image_lines=$(host_lines)
  if [ -n "$mirror" ]; then
    download_lines=$(source_lines "$mirror" "${security_mirror:-$mirror-security}")
  else
    download_lines=$image_lines
  fi
  if [ -n "$download_lines" ]; then
    say "Debian $release from:"
    without_credentials <<<"$download_lines" >&2
  else
    say "This machine's apt names no Debian archive: using mmdebstrap's default mirror (--mirror URL names another)."
  fi
}

# source_lines ARCHIVE SECURITY
source_lines() {
  printf 'deb %s %s main\n' "$1" "$release" "$1" "$release-updates" "$2" "$release-security"
}

# What apt is configured for here, if it is Debian's archive; both forms of sources files are apt's to read.
host_lines() {
  command -v apt-get >/dev/null || return 0
  local targets archive security
  targets=$(index_targets && index_targets --no-release-info) || return 0
  archive=$(host_archive "$targets" debian '^(oldoldstable|oldstable|stable|testing|unstable|sid|bullseye|bookworm|trixie|forky)$')
  security=$(host_archive "$targets" debian-security '(-security|/updates)$')
  if [ -n "$archive" ] && [ -n "$security" ]; then source_lines "$archive" "$security"; fi
}

# One line for each list of packages: URI, suite, component, and who its downloaded release file says made it.
index_targets() {
  # shellcheck disable=SC2016 # apt fills these in
  apt-get indextargets "$@" --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' 'Created-By: Packages' 2>/dev/null
}

# host_archive TARGETS NAME SUITES: the URI of a main component in a suite that fits which Debian made or, before the
# first `apt-get update`, whose path ends in NAME; nothing where there is none.
host_archive() {
  local uri suite component origin
  while read -r uri suite component origin; do
    [[ $component == main && $suite =~ $3 ]] || continue
    uri=$(resolve_mirror_list "$uri") || continue
    # shellcheck disable=SC2016 # what apt leaves where it knows of no origin
    if [[ $origin == Debian || ($origin == '$(ORIGIN)' && $uri == */"$2") ]]; then
      printf '%s' "$uri"
      return
    fi
  done <<<"$1"
}

# A list of mirrors (`mirror+file:/etc/apt/mirrors/debian.list`) stands for its first one; fails for other schemes.
resolve_mirror_list() {
  local uri=${1%/}
  if [[ $uri == mirror+file:* ]]; then
    uri=$(awk '/^https?:/ { print $1; exit }' "${uri#mirror+file:}")
  fi
  checked_url "$uri"
}

without_credentials() {
  sed -E 's#(https?://)[^/@ ]*@#\1#'
}

# mmdebstrap runs them as a user who may not be able to enter this folder.
copy_hooks() {
  cp -r -- "$here/bootstrap-base" "$work/hooks"
  without_credentials <<<"$image_lines" | sed '/^$/d' >"$work/hooks/image-lines"
}

# In the background, so that a signal is heard while it runs, and in a process group of its own, so that all of it can
# be told to stop at once; it removes its own tree then.
run_mmdebstrap() {
  local command=(mmdebstrap --variant=minbase --format=tar --keyring="$keyring" --skip=chroot/policy-rc.d
    --dpkgopt="$work/hooks/dpkg-options" --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --hook-dir="$work/hooks")
  [ -z "$arch" ] || command+=(--architectures="$arch")
  # A frozen mirror is set up that way here, and the image's own apt needs the same.
  if [ "$(host_setting Acquire::Check-Valid-Until)" = false ]; then
    command+=(--aptopt='Acquire::Check-Valid-Until "false"')
  fi
  command+=("$release" "$work/root.tar")
  [ -z "$download_lines" ] || command+=(-)
  # Its mounts go away with it, even if it is killed.
  if [ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null; then command=(unshare --mount "${command[@]}"); fi
  # What runs in a user namespace can enter neither this folder nor this user's home.
  command=(env --chdir=/ HOME=/ "${command[@]}")
  export LC_ALL=C.UTF-8 TZ=UTC TMPDIR=$work
  # The day of bookworm's release: no file is newer, so that times differ between two runs in none.
  export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1686355200}
  use_host_proxy http
  use_host_proxy https
  set -m
  "${command[@]}" <<<"$download_lines" >&2 &
  mmdebstrap_pid=$!
  set +m
  local status=0
  wait "$mmdebstrap_pid" || status=$?
  mmdebstrap_pid=
  ((status == 0)) || fail "mmdebstrap ended with $status: its messages are above. --mirror URL chooses another mirror."
}

# apt's own setting for a scheme becomes the variable that mmdebstrap's apt reads, unless the caller has set that one.
use_host_proxy() {
  local variable="$1_proxy" proxy
  proxy=$(host_setting "Acquire::$1::Proxy")
  case $proxy in
    http://* | https://*) [ -n "${!variable:-}" ] || export "$variable=$proxy" ;;
  esac
}

host_setting() {
  command -v apt-config >/dev/null || return 0
  local value=
  eval "$(apt-config shell value "$1")"
  printf '%s' "$value"
}

deliver() {
  say "Base image: $(($(stat -c %s "$work/root.tar") / 1000000)) MB"
  if [ "$output" = - ]; then
    cat "$work/root.tar"
  else
    # Beside its destination first: a move within one file system shows the whole file or none.
    cp "$work/root.tar" "$output.partial-$$"
    mv -f -- "$output.partial-$$" "$output"
  fi
}

stop() {
  trap '' INT TERM HUP
  if [ -n "$mmdebstrap_pid" ]; then
    kill -TERM -- "-$mmdebstrap_pid" 2>/dev/null || true
    wait "$mmdebstrap_pid" 2>/dev/null || true
  fi
  exit "$1"
}

remove_work() {
  [ "$output" = - ] || rm -f -- "$output.partial-$$"
  [ -z "$work" ] || rm -rf --one-file-system -- "$work"
}

main "$@"
