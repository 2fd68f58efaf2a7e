import type { Script } from "./instruction.ts";
import { lockFolder, recordFile, settingsFolder } from "./settings-paths.ts";
import { sumBytes } from "./sum-bytes.ts";
import { goneExitCode, goneMarks } from "./tell-gone.ts";
import { trustStep } from "./trust-step.ts";
import { withoutNetwork } from "./without-network.ts";

/** Where cargo keeps crates, in stages that do not reach an image. Nothing of a crate runs while it can be written. */
export const cargoCache = "/var/cache/cargo";

/** A user who owns nothing but what this stage gives him: build scripts and macros of crates run as him. */
export const crateUser = "65534:65534";

const home = "/opt/cargo";
const registry = `${home}/registry`;
/** A registry of the crates of one build alone, in the form that cargo calls local: files, and an index of them. */
const crates = `${home}/crates`;
const install = "cargo install --locked --no-track";

/** Answers questions about the compiler, and compiles nothing: that cargo comes to compile means that it has all crates. */
const askOnly = [
  "#!/bin/sh",
  'for word; do case $word in -vV | --print*) exec rustc "$@";; esac; done',
  ": > /tmp/fetched",
  "exit 1",
];

/**
 * What the registry's index says of every crate that the lock file names, also of those that are for other platforms: cargo
 * wants to know them all. Its own copy of the index holds its lines between NUL characters.
 */
const takeIndex = [
  `cp -r ${registry}/src/*/"$main" /tmp/main`,
  `if [ ! -f /tmp/main/Cargo.lock ]; then CARGO_HOME=${home} cargo generate-lockfile --manifest-path /tmp/main/Cargo.toml; fi`,
  `awk -F '"' '/^name = / { name = $2 } /^version = / { version = $2 } /^source = / { print name, version }' /tmp/main/Cargo.lock > /tmp/named`,
  String.raw`echo "$main" | sed -E 's/-([0-9]+\.[0-9]+\.[0-9]+[^/]*)$/ \1/' >> /tmp/named`,
  `sort -u /tmp/named | while read -r name version; do ${[
    `entry=$(find ${registry}/index -type f -path '*/.cache/*' -name "$(echo "$name" | tr A-Z a-z)" | head -n 1)`,
    `place=${crates}/index/"\${entry#*/.cache/}"`,
    'mkdir -p "$(dirname "$place")"',
    String.raw`exact=$(echo "$version" | sed 's/[.+]/\\&/g')`,
    String.raw`tr '\0' '\n' < "$entry" | grep -aE "^\{.*\"vers\" *: *\"$exact\"" >> "$place"`,
  ].join("; ")}; done`,
];

/** The crate and what it is built from, at versions that its lock file names or, without one, the index gives. */
const fetchAny = [
  `mkdir -p ${registry} ${cargoCache}`,
  `ln -s ${cargoCache} ${registry}/cache`,
  `if [ -f ${settingsFolder}/config.toml ]; then cp ${settingsFolder}/config.toml ${home}/; fi`,
  `printf '%s\\n' ${askOnly.map((line) => `'${line}'`).join(" ")} > /tmp/ask-only`,
  "chmod 0755 /tmp/ask-only",
  `CARGO_HOME=${home} RUSTC=/tmp/ask-only ${install} "$@" > /tmp/fetch.log 2>&1 || test -e /tmp/fetched || { cat /tmp/fetch.log >&2; exit 1; }`,
  String.raw`main=$(sed -n 's/^ *Installing \([^ ]*\) v\([^ ]*\).*/\1-\2/p' /tmp/fetch.log | head -n 1)`,
  // Of the crates that are kept for all builds, those of this one.
  `for folder in ${registry}/src/*/*; do cp ${cargoCache}/"$(basename "$(dirname "$folder")")/$(basename "$folder").crate" ${crates}/; done`,
  ...takeIndex,
  `store=$(sed -n 's/.*"dl" *: *"\\([^"]*\\)".*/\\1/p' ${registry}/index/*/config.json | head -n 1)`,
  // The last link first: what is behind it belongs to all builds.
  `rm ${registry}/cache`,
  `rm -rf ${registry} /tmp/main`,
];

const kept = `${cargoCache}/locked`;
const lockList = `${lockFolder}/crates.txt`;

/** Files by address, held to their digests, and the index from the lock: no registry is asked what it has. */
const fetchLocked = [
  `cp -r ${lockFolder}/index ${crates}/`,
  `mkdir -p ${kept}`,
  `is_whole() { echo "$1  $2" | sha256sum --check --status 2> /dev/null; }`,
  "set --",
  `while read -r sum file address; do ${[
    `for known in ${cargoCache}/*/"$file"; do if is_whole "$sum" "$known"; then cp "$known" ${crates}/; break; fi; done`,
    `if [ ! -e ${crates}/"$file" ]; then set -- "$@" "$address" ${crates}/"$file" "SHA256:$sum"; fi`,
  ].join("; ")}; done < ${lockList}`,
  `if [ $# -gt 0 ]; then /usr/lib/apt/apt-helper -q -o Acquire::Retries=3 \${CARGO_HTTP_CAINFO:+-o Acquire::https::CaInfo=$CARGO_HTTP_CAINFO} download-file "$@" > /tmp/fetch.log 2>&1 || cat /tmp/fetch.log >&2; fi`,
  `while read -r sum file address; do ${[
    `if is_whole "$sum" ${crates}/"$file"; then cp ${crates}/"$file" ${kept}/`,
    `elif [ -e ${crates}/"$file".FAILED ]; then echo "${goneMarks.changed}$file"`,
    `else echo "${goneMarks.gone}$file"; fi`,
  ].join("; ")}; done < ${lockList} > /tmp/gone`,
  // A host that does not answer is another matter.
  `if [ -s /tmp/gone ]; then if grep -qE 'Could not (connect|resolve)|Unable to connect|Temporary failure|timed out' /tmp/fetch.log; then exit 1; fi; cat /tmp/gone >&2; exit ${goneExitCode}; fi`,
];

/**
 * Its arguments are those of `cargo install`. Fetches the crate and what it is built from, and compiles nothing; leaves a
 * registry that holds just that, so that the paths which compilers write into programs are the same whichever registry it
 * came from. The names for compilers are those that a set-up of the packages would have made.
 */
export const fetchCratesScript: Script = {
  name: "fetch-crates",
  steps: [
    trustStep("CARGO_HTTP_CAINFO"),
    "if [ ! -e /usr/bin/cc ]; then ln -s gcc /usr/bin/cc; fi",
    "if [ ! -e /usr/bin/c++ ]; then ln -s g++ /usr/bin/c++; fi",
    `mkdir -p ${crates}/index`,
    `if [ -d ${lockFolder} ]; then ${fetchLocked.join("; ")}; else ${fetchAny.join("; ")}; fi`,
    `printf '%s\\n' '[source.crates-io]' 'replace-with = "fetched"' '[source.fetched]' 'local-registry = "${crates}"' > ${home}/config.toml`,
    `{ (cd ${crates} && sha256sum -- *.crate && find index -type f | LC_ALL=C sort | xargs cat); echo "store \${store:-}"; } > ${recordFile}`,
    sumBytes(`stat -c %s ${crates}/*.crate`),
    `chown -R ${crateUser} ${home}`,
  ],
};

/**
 * Its arguments are those of `cargo install`. Builds without a network, and with an environment of its own, also for who
 * looks into that of the first process: proxies have passwords.
 */
export const buildCrateScript: Script = {
  name: "build-crate",
  steps: [
    `exec env -i PATH="$PATH" HOME=/tmp CARGO_HOME=${home} CARGO_TARGET_DIR=/tmp/target CARGO_PROFILE_RELEASE_STRIP=symbols ${withoutNetwork} ${install} --offline --root /tmp/built "$@"`,
  ],
};

/** `$1`: the tree's folder. Takes programs and nothing else that a build left: no links, no other owners, no other modes. */
export const cargoTreeScript: Script = {
  name: "make-cargo-tree",
  steps: [
    'mkdir -p "$1/bin"',
    'for file in /tmp/built/bin/*; do if [ -f "$file" ] && [ ! -L "$file" ]; then install -m 0755 -- "$file" "$1/bin/"; fi; done',
  ],
};
