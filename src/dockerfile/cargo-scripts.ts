import type { Script } from "./instruction.ts";
import { lockFolder, recordFile, settingsFolder } from "./settings-paths.ts";
import { trustStep } from "./trust-step.ts";
import { withoutNetwork } from "./without-network.ts";

/** Where cargo keeps crates, in stages that do not reach an image. Nothing of a crate runs while it can be written. */
export const cargoCache = "/var/cache/cargo";

/** A user who owns nothing but what this stage gives him: build scripts and macros of crates run as him. */
export const crateUser = "65534:65534";

const home = "/opt/cargo";
const registry = `${home}/registry`;
const install = "cargo install --locked --no-track";

/** Answers questions about the compiler, and compiles nothing: that cargo comes to compile means that it has all crates. */
const askOnly = [
  "#!/bin/sh",
  'for word; do case $word in -vV | --print*) exec rustc "$@";; esac; done',
  ": > /tmp/fetched",
  "exit 1",
];

/**
 * Its arguments are those of `cargo install`. Fetches the crate and what it is built from, and compiles nothing. The
 * names for compilers are those that a set-up of the packages would have made.
 */
export const fetchCratesScript: Script = {
  name: "fetch-crates",
  steps: [
    trustStep("CARGO_HTTP_CAINFO"),
    "if [ ! -e /usr/bin/cc ]; then ln -s gcc /usr/bin/cc; fi",
    "if [ ! -e /usr/bin/c++ ]; then ln -s g++ /usr/bin/c++; fi",
    `mkdir -p ${registry} ${cargoCache}`,
    `ln -s ${cargoCache} ${registry}/cache`,
    `if [ -f ${settingsFolder}/config.toml ]; then cp ${settingsFolder}/config.toml ${home}/; fi`,
    `printf '%s\\n' ${askOnly.map((line) => `'${line}'`).join(" ")} > /tmp/ask-only`,
    "chmod 0755 /tmp/ask-only",
    `CARGO_HOME=${home} RUSTC=/tmp/ask-only ${install} "$@" > /tmp/fetch.log 2>&1 || test -e /tmp/fetched || { cat /tmp/fetch.log >&2; exit 1; }`,
    // Of the crates that are kept for all builds, those of this one.
    `rm ${registry}/cache`,
    `for folder in ${registry}/src/*/*; do file=$(basename "$(dirname "$folder")")/$(basename "$folder").crate; mkdir -p ${registry}/cache/"$(dirname "$file")"; cp ${cargoCache}/"$file" ${registry}/cache/"$file"; done`,
    `(cd ${registry}/cache && sha256sum -- */*.crate) | sed 's#  .*/#  #' | LC_ALL=C sort -k 2 > ${recordFile}`,
    `if [ -d ${lockFolder} ]; then diff ${lockFolder}/crates.txt ${recordFile}; fi`,
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
