#!/usr/bin/env bash
# Gets a container engine to answer at /var/run/docker.sock: installs docker.io from Debian or Ubuntu where that can
# be done (as root), and starts it. Everywhere else it prints what to type on that system and exits 69.
#
#   install-engine.sh [--dry-run] [--os-release FILE]
#
#   --dry-run           print what would be done if no engine answered; change nothing
#   --os-release FILE   read the system's name from FILE instead of /etc/os-release
#
# Exit codes: 0 an engine answers · 2 wrong usage · 69 no engine: what to do was printed, or the log of why it failed.
set -euo pipefail

readonly socket=/var/run/docker.sock
readonly log_file=/var/log/docker.log
readonly start_timeout=60
readonly unavailable=69

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib/apt.sh
. "$here/lib/apt.sh"

dry_run=false
os_release=/etc/os-release

main() {
  parse_arguments "$@"
  if ! $dry_run; then
    refuse_foreign_address
    if engine_answers; then
      say "An engine already answers at $socket."
      return 0
    fi
  fi
  read_system
  if can_install_here; then
    install_and_start
  else
    print_instructions >&2
    exit "$unavailable"
  fi
}

parse_arguments() {
  while (($# > 0)); do
    case $1 in
      --dry-run) dry_run=true ;;
      --os-release)
        (($# > 1)) || usage_error "--os-release needs a file"
        os_release=$2
        shift
        ;;
      *) usage_error "unknown argument: $1" ;;
    esac
    shift
  done
}

usage_error() {
  say "install-engine.sh: $1"
  say "usage: install-engine.sh [--dry-run] [--os-release FILE]"
  exit 2
}

say() {
  printf '%s\n' "$*" >&2
}

# An engine that the user chose by name is the user's to start: another one beside it would not be asked.
refuse_foreign_address() {
  local address=${DOCKER_HOST:-}
  case $address in
    '' | "unix://$socket" | unix:///run/docker.sock) return 0 ;;
  esac
  say "DOCKER_HOST is set to $address and no engine answers there."
  say "Start that engine, or unset DOCKER_HOST to use one on this machine:"
  say "  unset DOCKER_HOST"
  exit "$unavailable"
}

# Node is the one program that is there whatever else is not.
engine_answers() {
  node -e '
    const request = require("node:http").get({ socketPath: process.argv[1], path: "/_ping", timeout: 5000 });
    request.on("response", (response) => process.exit(response.statusCode === 200 ? 0 : 1));
    request.on("timeout", () => process.exit(1));
    request.on("error", () => process.exit(1));
  ' "$socket" 2>/dev/null
}

system=other
system_name=

# Sets `system` to the family whose commands apply.
read_system() {
  if [ "$(uname -s)" = Darwin ]; then
    system=macos system_name=macOS
    return
  fi
  local id='' like=''
  if [ -r "$os_release" ]; then
    id=$(os_release_field ID)
    like=$(os_release_field ID_LIKE)
    system_name=$(os_release_field PRETTY_NAME)
  fi
  local word
  for word in $id $like; do
    case $word in
      debian | ubuntu) system=debian ;;
      fedora) system=fedora ;;
      rhel | centos) system=rhel ;;
      arch | archlinux) system=arch ;;
      alpine) system=alpine ;;
      suse | opensuse | opensuse-*) system=suse ;;
      *) continue ;;
    esac
    return
  done
}

# The file is shell syntax by its own definition, but is read here without running any of it.
os_release_field() {
  sed -n "s/^$1=//p" "$os_release" | tail -n 1 | tr -d "\"'"
}

can_install_here() {
  [ "$system" = debian ] && can_install_packages
}

find_dockerd() {
  local path
  path=$(PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin command -v dockerd) && [ -x "$path" ] && printf '%s' "$path"
}

# A `docker` on PATH says nothing: it may be a client alone. Nor is a package that dpkg was stopped at set up.
is_installed() {
  find_dockerd >/dev/null || return
  # shellcheck disable=SC2016 # dpkg's own variable
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' docker.io 2>/dev/null) != @(half|unpacked)* ]]
}

install_and_start() {
  if ! is_installed; then
    say "No container engine on this machine. Installing docker.io and iptables:"
    say "  apt-get update && apt-get install -y --no-install-recommends docker.io iptables"
    $dry_run || install_packages docker.io iptables || fail_to_install
  fi
  say "Starting the engine: $(start_command)"
  $dry_run && return 0
  # The package's own script may have started it already.
  engine_answers || start_engine
  say "The engine answers at $socket."
}

fail_to_install() {
  say "apt could not install docker.io: its messages are above. Mend apt, then run this again."
  exit "$unavailable"
}

runs_systemd() {
  [ -d /run/systemd/system ]
}

start_command() {
  if runs_systemd; then
    printf 'systemctl enable --now docker'
  else
    printf 'service docker start, else dockerd with its log in %s' "$log_file"
  fi
}

start_engine() {
  if runs_systemd; then
    systemctl enable --now docker >&2 || true
  elif [ -x /etc/init.d/docker ]; then
    # It also mounts the cgroup file systems where nothing else has.
    service docker start </dev/null >>"$log_file" 2>&1 || true
  fi
  wait_for_engine && return
  if ! runs_systemd && ! dockerd_is_running; then
    start_dockerd
    wait_for_engine && return
  fi
  fail_to_start
}

# In a session of its own with no stream of the caller's, so that it outlives this script and holds no pipe open.
start_dockerd() {
  setsid "$(find_dockerd)" </dev/null >>"$log_file" 2>&1 &
}

# Until it answers, or the deadline has passed, or no daemon is left that could.
wait_for_engine() {
  local started=$SECONDS
  until engine_answers; do
    ((SECONDS - started < start_timeout)) || return 1
    ((SECONDS - started < 3)) || runs_systemd || dockerd_is_running || return 1
    sleep 0.5
  done
}

dockerd_is_running() {
  grep -qsx dockerd /proc/[0-9]*/comm
}

fail_to_start() {
  say "The engine does not answer at $socket. The end of its log:"
  if runs_systemd; then
    journalctl --unit docker --lines 20 --no-pager >&2 || true
  else
    tail -n 20 -- "$log_file" >&2 || true
  fi
  exit "$unavailable"
}

print_instructions() {
  if [ -S "$socket" ] && ! [ -w "$socket" ]; then
    printf '%s exists, but this user may not use it. Join its group, then log in again:\n' "$socket"
    print_as_root "usermod -aG docker $(id -un)"
    return
  fi
  printf 'No container engine answers on this machine (%s). To get one, type:\n' "${system_name:-unknown system}"
  case $system in
    debian) print_debian_commands ;;
    fedora)
      print_as_root 'dnf install -y moby-engine'
      print_start_commands
      print_podman_alternative 'dnf install -y podman'
      ;;
    rhel)
      print_as_root 'dnf install -y podman'
      print_podman_start
      ;;
    arch)
      print_as_root 'pacman -S --needed docker'
      print_start_commands
      ;;
    suse)
      print_as_root 'zypper install -y docker'
      print_start_commands
      ;;
    alpine)
      print_as_root 'apk add docker'
      print_as_root 'rc-update add docker default'
      print_as_root 'service docker start'
      print_group_command addgroup "$(id -un)" docker
      ;;
    macos)
      printf '  brew install --cask docker && open -a Docker\n'
      printf 'or, without Docker Desktop:\n'
      printf '  brew install colima docker && colima start\n'
      ;;
    *) printf '  install Docker Engine or Podman with the package manager of your system, and start it\n' ;;
  esac
  if is_wsl; then
    printf 'or, with Docker Desktop on Windows: Settings > Resources > WSL integration, and turn this distribution on\n'
  fi
  printf 'Then run the command again.\n'
}

print_debian_commands() {
  if ! find_dockerd >/dev/null; then
    print_as_root 'apt-get update && apt-get install -y --no-install-recommends docker.io iptables'
  fi
  print_start_commands
  print_podman_alternative 'apt-get install -y podman'
}

print_start_commands() {
  if [ "$system" = debian ] && ! runs_systemd; then
    print_as_root 'service docker start'
  else
    print_as_root 'systemctl enable --now docker'
  fi
  print_group_command usermod -aG docker "$(id -un)"
}

# Root needs no group.
print_group_command() {
  [ "$(id -u)" -eq 0 ] || print_as_root "$*" '    # then log in again'
}

print_podman_alternative() {
  printf 'or, an engine without a daemon:\n'
  print_as_root "$1"
  print_podman_start
}

print_podman_start() {
  if [ "$(id -u)" -eq 0 ]; then
    printf '  systemctl enable --now podman.socket\n'
  else
    printf '  systemctl --user enable --now podman.socket\n'
  fi
}

# print_as_root COMMAND [REMARK]: Debian's installer leaves sudo out where root has a password.
print_as_root() {
  local command=$1
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null; then command="sudo ${1//&& /&& sudo }"; else command="su - -c '$1'"; fi
  fi
  printf '  %s%s\n' "$command" "${2:-}"
}

is_wsl() {
  grep -qi microsoft /proc/version 2>/dev/null
}

main "$@"
