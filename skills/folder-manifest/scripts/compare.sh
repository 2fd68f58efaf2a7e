#!/bin/sh
# Prints what differs between a recorded manifest and a folder as it is now. Ends with 1 if anything does.
set -eu

manifest=${1:?usage: compare.sh MANIFEST FOLDER}
folder=${2:?usage: compare.sh MANIFEST FOLDER}
here=$(dirname -- "$0")

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
"$here/record.sh" "$folder" >"$work/now"

awk -F '\t' '
  FILENAME == ARGV[1] { before[$3] = $1; next }
  { now[$3] = 1 }
  !($3 in before) { print "added    " $3; next }
  before[$3] != $1 { print "changed  " $3 }
  END { for (path in before) if (!(path in now)) print "removed  " path }
' "$manifest" "$work/now" | LC_ALL=C sort -k 2 >"$work/differences"

cat "$work/differences"
[ ! -s "$work/differences" ]
