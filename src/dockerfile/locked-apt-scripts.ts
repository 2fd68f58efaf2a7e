import {
  type AptSettings,
  conf,
  configure,
  install,
  ownCache,
  ownLists,
  tidy,
  unpackArchive,
  work,
} from "./apt-scripts.ts";
import type { Script } from "./instruction.ts";
import { lockFolder, settingsFolder } from "./settings-paths.ts";
import { goneExitCode, goneMarks } from "./tell-gone.ts";

/** Where downloaded packages stay between builds, in the rendering that has caches. */
export const packageCache = "/var/cache/apt/locked";

export interface LockedAptStep {
  readonly settings: AptSettings;
  /** Whether {@link packageCache} is there. */
  readonly cached: boolean;
}

/**
 * Installs exactly the packages of a lock, without an index. `$1`: when the lock's index was read; then the packages
 * that were asked for, `--`, and for each that is installed its archive, its path there and its digest. What was not
 * asked for is marked as apt marks it.
 */
export function installLockedScript({ settings, cached }: LockedAptStep): Script {
  return {
    name: "install-locked-packages",
    steps: [
      ...configure([...ownLists, ...ownCache], settings),
      "readAt=$1; shift",
      `while [ "$1" != -- ]; do echo "$1"; shift; done > ${work}/asked; shift`,
      `while [ $# -gt 0 ]; do echo "$1 $2 $3"; shift 3; done > ${wanted}`,
      ...fetchPackages(cached ? packageCache : debs),
      ...withFiles(wanted, install('"$@"')),
      `sed 's:^.*/::; s:_.*::' ${wanted} | grep -vxFf ${work}/asked > ${work}/others || true`,
      `if [ -s ${work}/others ]; then xargs apt-mark -q -c ${conf} auto -- < ${work}/others; fi`,
      ...tidy,
    ],
  };
}

/**
 * The same for a stage that is thrown away, from the files `installed` and `unpacked` of its lock: only unpacks the
 * latter. `$1`: when the lock's index was read.
 */
export function unpackLockedScript({ settings, cached }: LockedAptStep): Script {
  return {
    name: "unpack-locked-packages",
    steps: [
      ...configure([...ownLists, ...ownCache], settings),
      "readAt=$1",
      `cat ${lockFolder}/installed ${lockFolder}/unpacked > ${wanted}`,
      ...fetchPackages(cached ? packageCache : debs),
      `if [ -s ${lockFolder}/installed ]; then ${withFiles(`${lockFolder}/installed`, install('"$@"')).join("; ")}; fi`,
      ...withFiles(`${lockFolder}/unpacked`, `for archive in "$@"; do ${unpackArchive}; done`),
      `rm -rf ${work} ${lockFolder}`,
    ],
  };
}

/** Lines of an archive, a path and a digest. */
const wanted = `${work}/wanted`;
const missing = `${work}/missing`;
const debs = `${work}/debs`;

/**
 * Fetches what is not there yet: from the archives of the image's own sources, or a mirror in their place; what has
 * left them, from the snapshots of the day on which the lock was made, where the settings name any.
 */
function fetchPackages(folder: string): string[] {
  return [
    `debs=${folder}; mkdir -p ${folder}`,
    `find_missing() { while read -r archive path sum; do if ! echo "$sum  $debs/$(basename "$path")" | sha256sum --check --status 2> /dev/null; then echo "$archive $path $sum"; fi; done < ${wanted} > ${missing}; }`,
    `bring_from() { set --; while read -r archive path sum; do base=$(address_of "$archive"); if [ -n "$base" ]; then set -- "$@" "$base/$path" "$debs/$(basename "$path")" "SHA256:$sum"; fi; done < ${missing}; if [ $# -gt 0 ]; then /usr/lib/apt/apt-helper -q -c ${conf} download-file "$@" || true; fi; }`,
    "find_missing",
    `apt-get -q -c ${conf} indextargets --no-release-info --format '$(REPO_URI)' | sed 's:/*$::' | sort -u > ${work}/archives`,
    `address_of() { grep -m 1 "/$1\\$" ${work}/archives || true; }`,
    `if [ -s ${missing} ]; then bring_from; find_missing; fi`,
    `if [ -s ${missing} ] && [ -f ${snapshotFile} ]; then address_of() { echo "$(cat ${snapshotFile})/$1/$readAt"; }; bring_from; find_missing; fi`,
    `if [ -s ${missing} ]; then while read -r archive path sum; do if [ -e "$debs/$(basename "$path").FAILED" ]; then echo "${goneMarks.changed}$path"; else echo "${goneMarks.gone}$path"; fi; done < ${missing}; exit ${goneExitCode}; fi`,
  ];
}

/** Where the settings of a network say that old packages are. */
const snapshotFile = `${settingsFolder}/snapshot`;

/** Runs a command with the fetched files of a list as its arguments. */
function withFiles(list: string, command: string): string[] {
  return [
    "set --",
    `while read -r archive path sum; do set -- "$@" "$debs/$(basename "$path")"; done < ${list}`,
    command,
  ];
}
