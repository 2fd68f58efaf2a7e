#!/usr/bin/env bash
# `npm test`: every test, from a fresh clone on. Arguments go to `vitest run`; `--project unit` needs no engine.
# With CI=true whatever the tests need and cannot have is a failure; otherwise what is left out is named.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/apt.sh
. "$root/scripts/lib/apt.sh"

readonly unavailable=69

# Each program that some tests use, with the Debian package that has it: what no run goes without, and what tests with
# a real engine, or of the scripts, use where it is.
readonly needed_programs=(
  git:git
  openssl:openssl
  python3:python3
)
readonly unit_programs=(
  shellcheck:shellcheck
)
readonly docker_programs=(
  buildah:buildah
  docker-registry:docker-registry
  ip:iproute2
  mmdebstrap:mmdebstrap
  newuidmap:uidmap
  podman:podman
  runsc:runsc
)

main() {
  bash "$root/scripts/prepare-checkout.sh"
  provide_programs "${needed_programs[@]}" "${unit_programs[@]}"
  if selects_docker_project "$@"; then
    provide_programs "${docker_programs[@]}"
    if ! provide_engine; then
      say "Left out: the tests with a real engine (--project docker)."
      fail_in_ci
      set -- "$@" --project '!docker'
    fi
  fi
  cd -- "$root"
  exec npx --no-install vitest run "$@"
}

say() {
  printf '%s\n' "$*" >&2
}

# True without a --project, and where one is, or may be a pattern for, another than "unit".
selects_docker_project() {
  local argument previous='' project chosen=false
  for argument; do
    project=
    case "$previous $argument" in
      '--project '*) project=$argument ;;
      *' --project='*) project=${argument#--project=} ;;
    esac
    previous=$argument
    [ -n "$project" ] || continue
    [ "$project" = unit ] || return 0
    chosen=true
  done
  ! $chosen
}

provide_programs() {
  find_missing_packages "$@"
  ((${#missing[@]} > 0)) || return 0
  if can_install_packages; then
    say "The tests use packages that are not installed. Installing: ${missing[*]}"
    install_packages "${missing[@]}" || true
  fi
  find_missing_packages "${needed_programs[@]}"
  if ((${#missing[@]} > 0)); then
    say "The tests need ${missing[*]}. On Debian and Ubuntu: sudo apt-get install -y ${missing[*]}"
    exit "$unavailable"
  fi
  find_missing_packages "$@"
  ((${#missing[@]} > 0)) || return 0
  say "Left out: the tests that need ${missing[*]}, which cannot be installed here."
  fail_in_ci
}

find_missing_packages() {
  missing=()
  local program
  for program; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${program%%:*}" >/dev/null || missing+=("${program#*:}")
  done
}

provide_engine() {
  node "$root/scripts/lib/find-engine.mjs" || bash "$root/scripts/install-engine.sh"
}

fail_in_ci() {
  if [ "${CI:-}" = true ]; then
    say "With CI=true that is a failure."
    exit 1
  fi
}

main "$@"
