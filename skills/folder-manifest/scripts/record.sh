#!/bin/sh
# Prints the manifest of a folder: SHA-256, size in bytes and path of every regular file, by path.
set -eu

folder=${1:?usage: record.sh FOLDER}
cd -- "$folder"

if find . -name '*
*' -print | grep -q .; then
  echo "a file name holds a line end:" >&2
  find . -name '*
*' -print >&2
  exit 2
fi

find . \( -name .git -o -name node_modules \) -prune -o -type f -print |
  sed 's#^\./##' | LC_ALL=C sort |
  while IFS= read -r path; do
    hash=$(sha256sum <"$path" | cut -d ' ' -f 1)
    printf '%s\t%s\t%s\n' "$hash" "$(wc -c <"$path" | tr -d ' ')" "$path"
  done
