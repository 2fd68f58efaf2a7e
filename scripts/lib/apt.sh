# shellcheck shell=bash
# Debian packages for scripts that may need some. To be sourced.

# How long to wait for another apt or dpkg that holds a lock, in seconds.
readonly apt_lock_timeout=300

# Succeeds where packages can be installed as things stand: as root, on a system with apt.
can_install_packages() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null
}

# Refreshes the package lists and installs the named packages without recommends. Of what apt says the size of the
# download goes to stderr, and everything where it fails.
install_packages() {
  finish_interrupted_packages
  update_package_lists || return
  local line said=''
  while IFS= read -r line; do
    said+=$line$'\n'
    if [[ $line == 'Need to get '* ]]; then printf '%s\n' "$line" >&2; fi
  done < <(apt_get install --yes --no-install-recommends -- "$@" 2>&1)
  wait "$!" && return
  printf '%s' "$said" >&2
  return 1
}

# apt does nothing before that on a system whose dpkg was stopped in the middle. One that is still at work holds a lock,
# for which apt waits.
finish_interrupted_packages() {
  if ! command -v dpkg >/dev/null || [ -z "$(dpkg --audit)" ]; then return 0; fi
  printf 'Packages were left half installed. Finishing them: dpkg --configure -a\n' >&2
  DEBIAN_FRONTEND=noninteractive dpkg --configure -a </dev/null >/dev/null || true
}

# `apt-get update` does not wait for the lists' lock by itself, so it is asked again until it is free. To it a list that
# could not be had is no failure, but it may be why a package is not found.
update_package_lists() {
  local deadline=$((SECONDS + apt_lock_timeout)) output
  until output=$(apt_get update 2>&1); do
    if [[ $output != *"Could not get lock"* ]] || ((SECONDS >= deadline)); then
      printf '%s\n' "$output" >&2
      return 1
    fi
    sleep 2
  done
  sed -n '/^W: Failed to fetch/p' <<<"$output" >&2
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get --quiet \
    -o "DPkg::Lock::Timeout=$apt_lock_timeout" -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}
