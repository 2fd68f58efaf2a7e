#!/usr/bin/env bash
# Makes a clone ready to run: checks Node, installs the Node dependencies and compiles, each only where needed. In an
# installed package there is nothing to do but the check.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

main() {
  check_node
  if is_checkout; then
    check_npm
    alone install_dependencies
    alone compile
  fi
}

say() {
  printf '%s\n' "$*" >&2
}

# The version is written in one place: `engines` in package.json.
check_node() {
  if ! command -v node >/dev/null; then
    say "Skillcrate needs Node.js and there is no \"node\" on PATH. Install Node.js 20.19 or newer, with npm: https://nodejs.org/en/download"
    exit 1
  fi
  # shellcheck disable=SC2016 # JavaScript's own templates
  node -e '
    const needed = require(process.argv[1]).engines.node.replace(">=", "");
    const [major, minor] = process.versions.node.split(".").map(Number);
    const [neededMajor, neededMinor] = needed.split(".").map(Number);
    if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) process.exit(0);
    console.error(`Skillcrate needs Node.js ${needed} or newer; this is ${process.version} (${process.execPath}).`);
    console.error("Install a newer one, with npm: https://nodejs.org/en/download");
    process.exit(1);
  ' "$root/package.json"
}

# Debian has it in a package of its own.
check_npm() {
  command -v npm >/dev/null && return
  say 'Skillcrate needs npm and there is none on PATH. Install it; on Debian and Ubuntu: sudo apt-get install -y npm'
  exit 1
}

is_checkout() {
  [ -f "$root/tsconfig.build.json" ]
}

# Two runs in one clone would take each other's files away: the second waits, and then finds everything done.
alone() {
  (
    if command -v flock >/dev/null && ! flock --nonblock 9; then
      say "Another run prepares this clone. Waiting for it."
      flock 9
    fi
    "$@" 9<&-
  ) 9<"$root/package.json"
}

# No dependency needs its install script, and one of them (cpu-features) would look for a C compiler in its own.
install_dependencies() {
  local installed=$root/node_modules/.package-lock.json
  if [ -f "$installed" ] && ! [ "$root/package-lock.json" -nt "$installed" ]; then return 0; fi
  say "Installing the Node dependencies: npm ci"
  (cd -- "$root" && npm ci --ignore-scripts --no-progress </dev/null >&2)
}

# The result is made executable last: one that is not is of a build that was stopped.
compile() {
  local result=$root/dist/cli/main.js
  if [ -x "$result" ] && [ -z "$(newer_than "$result")" ]; then return 0; fi
  say "Compiling: npm run build"
  (cd -- "$root" && npm run --silent build </dev/null >&2)
}

# A folder is newer too when a file in it was removed.
newer_than() {
  find "$root/src" "$root/package.json" "$root/tsconfig.json" "$root/tsconfig.build.json" "$root/rolldown.config.js" -newer "$1" -print -quit
}

main
