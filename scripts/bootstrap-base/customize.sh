#!/bin/sh
# Called by mmdebstrap with the new root, when all packages are installed. Beside it lies `image-lines`: the image's
# own sources in apt's one-line form; empty: those that mmdebstrap chose.
set -eu
root=$1
lines=$(dirname -- "$0")/image-lines

# From here on every package leaves its documentation out, as the first ones did.
mv "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$root/etc/dpkg/dpkg.cfg.d/docker"
options=$root/etc/apt/apt.conf.d
[ ! -e "$options/99mmdebstrap" ] || mv "$options/99mmdebstrap" "$options/frozen-mirror"

# Some packages link alternatives of manual pages and fail where their folder is missing.
for section in 1 2 3 4 5 6 7 8; do mkdir -p "$root/usr/share/man/man$section"; done

[ -s "$lines" ] || lines=$root/etc/apt/sources.list
sources=$(awk '
  $1 != "deb" { next }
  { sub(/\[[^]]*\] */, "") }
  !($2 in suites) { uris[++count] = $2 }
  { suites[$2] = suites[$2] " " $3 }
  END {
    for (i = 1; i <= count; i++) {
      if (i > 1) print ""
      print "Types: deb"
      print "URIs: " uris[i]
      print "Suites:" suites[uris[i]]
      print "Components: main"
      print "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg"
    }
  }' "$lines")
rm -f "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/*
printf '%s\n' "$sources" >"$root/etc/apt/sources.list.d/debian.sources"

# The host's, or different in every run.
: >"$root/etc/resolv.conf"
echo localhost >"$root/etc/hostname"
find "$root/var/log" -type f -delete
rm -f "$root"/var/cache/debconf/*-old "$root"/var/lib/dpkg/*-old "$root"/etc/*-
