import type { Script } from "./instruction.ts";
import { lockFolder, recordFile, settingsFolder } from "./settings-paths.ts";
import { sumBytes } from "./sum-bytes.ts";
import { type GoneWords, goneExitCode, goneMarks, orTellGone } from "./tell-gone.ts";
import { trustStep } from "./trust-step.ts";

/** Where go keeps modules and what it compiled, in stages that do not reach an image. It runs nothing of a module. */
export const goCache = "/var/cache/go";

const release = "/opt/go";
const releaseSum = `${release}/module.sum`;
const downloads = `${goCache}/pkg/mod/cache/download`;

const caches = `export GOPATH=${goCache} GOCACHE=${goCache}/build GOFLAGS=-modcacherw`;
const useRelease = `export PATH="${release}/bin:$PATH"`;

/** Only a proxy of modules is asked: neither version control nor a host that an import path names. */
const askProxy = [
  trustStep("SSL_CERT_FILE"),
  `export GOENV=${settingsFolder}/go.env "GOVCS=*:off"`,
  "GOPROXY=$(go env GOPROXY)",
  `export GOPROXY="\${GOPROXY%[,|]direct}"`,
];

/** `-s -w`: without tables for debuggers, and still with the list of what the program was made from. */
const install = "go install -trimpath -ldflags '-s -w'";

const gone: GoneWords = {
  gone: "go: ([^ ]+@[^ ]+): .*: (404|410)( .*)?",
  changed: "verifying ([^ ]+@[^ ]+): checksum mismatch",
};

const bring = 'go mod download -- "$1@$2"';

/**
 * `$1` and `$2`: the module of a release of Go and its version; `$3`: its sum, where a lock knows it, and then no database
 * of sums is asked. A module has no programs and no second `go.mod`, which is why that of the standard library has another
 * name there.
 */
export const goReleaseScript: Script = {
  name: "bring-go",
  steps: [
    caches,
    ...askProxy,
    `if [ $# -gt 2 ]; then export GOSUMDB=off; ${orTellGone(bring, gone)}; else ${bring}; fi`,
    `sum=$(cat "${downloads}/$1/@v/$2.ziphash")`,
    `if [ "$sum" != "\${3:-$sum}" ]; then echo "${goneMarks.changed}$1@$2" >&2; exit ${goneExitCode}; fi`,
    `cp -r "${goCache}/pkg/mod/$1@$2" ${release}`,
    `cp ${release}/src/_go.mod ${release}/src/go.mod`,
    `chmod 0755 ${release}/bin/* ${release}/pkg/tool/*/*`,
    `echo "$1 $2 $sum" > ${releaseSum}`,
  ],
};

/** The command with its version: for the next step, which has no proxy to ask for the newest. */
const fetched = "/opt/fetched";
const versionInLog = String.raw`s/^modinfo .*\\nmod\\t[^\\]*\\t\([^\\]*\)\\t.*/\1/p`;

/** Whatever the proxy has of that version, or as the newest; `-n` loads packages and compiles none. */
const fetchAny = [
  `${install} -n -- "$1" > /tmp/fetch.log 2>&1 || { cat /tmp/fetch.log >&2; exit 1; }`,
  `version=$(sed -n '${versionInLog}' /tmp/fetch.log)`,
  `echo "\${1%@*}@\${version:-\${1##*@}}" > ${fetched}`,
];

/**
 * Modules of the lock by version, held to their sums, and the `go.mod` files by which go chooses just these: no list of
 * versions, no newest one, no database of sums. Of a module that is named go need not find out which one has the command.
 */
const fetchLocked = [
  "export GOSUMDB=off",
  "mkdir /tmp/locked",
  "cd /tmp/locked",
  "go mod init locked 2> /dev/null",
  `grep -v '^golang\\.org/toolchain ' ${lockFolder}/go.sum > go.sum`,
  orTellGone("go mod download -- $(sed 's/ /@/; s/ .*//' go.sum)", gone),
  'go mod edit -require="$2"',
  orTellGone(`${install} -mod=mod -n -- "\${1%@*}"`, gone),
  "cd /",
  `echo "$1" > ${fetched}`,
];

/** `$1`: import path and version; `$2`, where a lock names it: its module and version. Fetches what it is built from. */
export const fetchModulesScript: Script = {
  name: "fetch-modules",
  steps: [
    useRelease,
    caches,
    ...askProxy,
    `if [ -d ${lockFolder} ]; then ${fetchLocked.join("; ")}; else ${fetchAny.join("; ")}; fi`,
  ],
};

/** Of the modules in the record, Go's own release aside: capitals are written `!a` in its cache. */
const moduleSizes = String.raw`grep -v '^golang\.org/toolchain ' ${recordFile} | sed -E 's/[A-Z]/!\l&/g' | while read -r module version sum; do stat -c %s "${downloads}/$module/@v/$version.zip"; done`;

/**
 * `$1`: the tree's folder, `$2`: the command's name in it. From what was fetched, since C in a module can take any file
 * that it finds into the program. What a program was made from is Go's release and what it says itself: its modules, all
 * with their sums, as `go.sum` has them.
 */
export const goTreeScript: Script = {
  name: "make-go-tree",
  steps: [
    useRelease,
    caches,
    `export GOENV=off GOPROXY=file://${downloads} GOSUMDB=off GOBIN=/tmp/bin`,
    `${install} -- "$(cat ${fetched})"`,
    'mkdir -p "$1/bin"',
    'mv /tmp/bin/* "$1/bin/$2"',
    `{ cat ${releaseSum}; go version -m "$1/bin/$2" | awk '$1 == "mod" || $1 == "dep" { print $2, $3, $4 }'; } | LC_ALL=C sort > ${recordFile}`,
    `if [ -d ${lockFolder} ]; then diff ${lockFolder}/go.sum ${recordFile}; fi`,
    sumBytes(moduleSizes),
  ],
};
