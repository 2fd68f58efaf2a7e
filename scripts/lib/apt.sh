# shellcheck shell=bash
# Debian packages for scripts that may need some. To be sourced.

# How long to wait for another apt or dpkg that holds a lock, in seconds.
readonly apt_lock_timeout=300

# Succeeds where packages can be installed as things stand: as root, on a system with apt.
can_install_packages() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null
}

# Refreshes the package lists and installs the named packages without recommends; output goes to stderr.
install_packages() {
  update_package_lists &&
    apt_get install --yes --no-install-recommends -- "$@"
}

# `apt-get update` does not wait for the lists' lock by itself, so it is asked again until it is free.
update_package_lists() {
  local deadline=$((SECONDS + apt_lock_timeout)) output
  until output=$(apt_get update 2>&1); do
    if [[ $output != *"Could not get lock"* ]] || ((SECONDS >= deadline)); then
      printf '%s\n' "$output" >&2
      return 1
    fi
    sleep 2
  done
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get --quiet \
    -o "DPkg::Lock::Timeout=$apt_lock_timeout" -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}
