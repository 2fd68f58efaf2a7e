import type { Script } from "./instruction.ts";
import { fetchedBytesFile, lockFolder, recordFile, settingsFolder } from "./settings-paths.ts";
import { sumBytes } from "./sum-bytes.ts";
import { orTellGone } from "./tell-gone.ts";
import { trustStep } from "./trust-step.ts";

/** Where npm and pip keep what they downloaded, in stages that do not reach an image. */
export const npmCache = "/var/cache/npm";
export const pipCache = "/var/cache/pip";

export const npmSettings: readonly string[] = [
  `if [ -f ${settingsFolder}/ca.pem ]; then export NODE_EXTRA_CA_CERTS=${settingsFolder}/ca.pem; fi`,
  `if [ -f ${settingsFolder}/npmrc ]; then export NPM_CONFIG_USERCONFIG=${settingsFolder}/npmrc; fi`,
];

/** No scripts of packages: they would run with the network and whatever the settings hold. */
const npmOptions = `--ignore-scripts --no-audit --no-fund --no-update-notifier --cache ${npmCache}`;

export const npmInstall = `npm install ${npmOptions} --no-save`;

/** What a step ends with whose registry does not answer (EX_TEMPFAIL of sysexits.h): then no package is to blame. */
export const silentExitCode = 75;

/**
 * After npm has failed: asks the registry for something that it has. Not from the cache, which answers for a registry
 * that is gone; that it does not have even this is an answer.
 */
export const askRegistry = `said=$(npm view --cache /tmp/asked npm version 2>&1) || case $said in *E404*) ;; *) exit ${silentExitCode};; esac`;

/**
 * Packages below a folder: from the stage's lock where there is one, else by the command `install`. Never --global: that
 * leaves no record.
 */
export function npmPackages(folder: string, install: string): readonly string[] {
  const locked = [
    // In the form in which sed takes a replacement.
    "registry=$(npm config get registry | sed 's:/*$:/:; s:[&\\\\#]:\\\\&:g')",
    `sed "s#registry:/#$registry#" ${lockFolder}/package-lock.json > ${folder}/package-lock.json`,
    `cp ${lockFolder}/package.json ${folder}/`,
    orTellGone(`npm ci ${npmOptions} --legacy-peer-deps --prefix ${folder}`, {
      gone: "npm [eE][rR][rR].* 404 .* GET .*/([^/ ]+\\.tgz)( .*)?",
      changed: "npm [eE][rR][rR].* (sha[0-9]+-[^ ]+) integrity checksum failed .*",
    }),
    `rm -r ${folder}/package.json ${folder}/package-lock.json ${lockFolder}`,
  ];
  return [
    `mkdir -p ${folder}`,
    `if [ -d ${lockFolder} ]; then ${locked.join("; ")}; else ${install}; fi`,
    `mv ${folder}/node_modules/.package-lock.json ${recordFile}`,
    `node -e '${sumNpmCache}' > ${fetchedBytesFile}`,
  ];
}

/** npm keeps every file under its digest; what is bundled in another's file has none of its own. */
const sumNpmCache = [
  'const { existsSync, readFileSync, statSync } = require("fs")',
  `const { packages } = JSON.parse(readFileSync("${recordFile}", "utf8"))`,
  'const digests = new Set(Object.values(packages).flatMap(({ integrity = "" }) => integrity.split(" ")))',
  'const files = [...digests].map((text) => text.split("-")).map(([kind, text = ""]) => [kind, Buffer.from(text, "base64").toString("hex")])',
  `const paths = files.map(([kind, hex]) => ["${npmCache}/_cacache/content-v2", kind, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)].join("/"))`,
  "console.log(paths.filter((path) => existsSync(path)).reduce((sum, path) => sum + statSync(path).size, 0))",
].join("; ");

/** `$1`: the tree's folder, then packages. Only what runs stays: no manual pages, no record of where it came from. */
export const npmTreeScript: Script = {
  name: "make-npm-tree",
  steps: [
    ...npmSettings,
    "output=$1",
    "shift",
    ...npmPackages(
      '"$output/lib"',
      `${npmInstall} --install-strategy shallow --prefix "$output/lib" -- "$@" || { ${askRegistry}; exit 1; }`,
    ),
    'mkdir -p "$output/bin"',
    'for link in "$output"/lib/node_modules/.bin/*; do if [ -L "$link" ]; then ln -s "../lib/node_modules/$(readlink "$link" | cut -c 4-)" "$output/bin/$(basename "$link")"; fi; done',
    'rm -rf "$output/lib/node_modules/.bin"',
  ],
};

/** Where the stage of the runtime leaves Node's header files, for what scripts compile. */
export const nodeHeaders = "/tmp/node-headers";

/** As `renderImage` hands them to a builder. */
const proxyNames = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"];

/**
 * `$1`: the folder that `node_modules` is in, then packages that may run their lifecycle scripts. Those see the network
 * and the extra certificates, but neither npm's settings nor a proxy's address that may hold a login, nor a cache that
 * others build from; they run as nobody, who cannot look into the environment of the step itself either, and leave
 * nothing that is setuid. What they compile finds Node's header files.
 */
export const lifecycleScript: Script = {
  name: "run-lifecycle-scripts",
  steps: [
    `find ${settingsFolder} -mindepth 1 ! -name ca.pem -delete`,
    `if [ -f ${settingsFolder}/ca.pem ]; then export NODE_EXTRA_CA_CERTS=${settingsFolder}/ca.pem; fi`,
    `if [ -d ${nodeHeaders} ]; then export npm_config_nodedir=${nodeHeaders}; fi`,
    "export CC=gcc CXX=g++",
    `for name in ${proxyNames.join(" ")}; do case $(printenv "$name" || true) in *@*) unset "$name";; esac; done`,
    "folder=$1",
    "shift",
    'chown -R 65534:65534 "$folder"',
    'HOME=/tmp setpriv --reuid 65534 --regid 65534 --clear-groups npm rebuild --ignore-scripts=false --foreground-scripts --no-bin-links --no-update-notifier --prefix "$folder" -- "$@"',
    'chown -R 0:0 "$folder"',
    'find "$folder" -type f -perm /6000 -exec chmod a-s {} +',
  ],
};

/** `$1`: a Node, `$2`: a folder of commands, which run on that one from then on, whatever `node` is. */
export const ownNodeScript: Script = {
  name: "run-on-own-node",
  steps: [
    'for command in "$2"/*; do if [ "$(head -c 2 "$command")" = "#!" ]; then sed -i -E "1s|^#!/usr/bin/env (-S )?node|#!$1|" "$(readlink -f "$command")"; fi; done',
  ],
};

/** `$1`: the first package's folder, then pairs of a file in it and the command that leads there. */
export const packageLinksScript: Script = {
  name: "link-commands",
  steps: [
    "folder=$1",
    "shift",
    'while [ $# -gt 0 ]; do chmod 0755 "$folder/$1"; ln -sf "$folder/$1" "$2"; shift 2; done',
  ],
};

export const pipSettings: readonly string[] = [
  trustStep("PIP_CERT"),
  `if [ -f ${settingsFolder}/pip.conf ]; then export PIP_CONFIG_FILE=${settingsFolder}/pip.conf; fi`,
];

/** Of every wheel that pip takes it tells the size there, to two digits or more. */
const pipLog = "/tmp/pip.log";

const pip = `python3 -m pip --python "$output/bin/python3" --disable-pip-version-check --no-input --cache-dir ${pipCache}`;
const pipOptions = "--only-binary :all: --no-compile --no-warn-script-location --root-user-action ignore";
const wheels = "/tmp/wheels";
const hashed = `--no-deps --require-hashes -r ${lockFolder}/requirements.txt`;

/** pip, installing. */
export const pipInstall = `${pip} install ${pipOptions}`;

/**
 * Requirements into the environment at `$output`: from the stage's lock where there is one, then by the addresses of
 * the files, and no index is asked; else by `install`. Wheels only, since building from source runs
 * code with the network and whatever the settings hold. Compiled once, by hash: no time of a file can make it stale,
 * and nothing is compiled at run time.
 */
export function pythonPackages(install: string): readonly string[] {
  const locked = [
    orTellGone(`${pip} download --no-deps --no-index --dest ${wheels} -r ${lockFolder}/addresses.txt`, {
      gone: " *ERROR: HTTP error 4[01][04] while getting [^ #]*/([^/ #]+)([# ].*)?",
      changed: " +([^ ]+==[^ ]+) from .*:",
    }),
    `${pipInstall} --no-index --find-links ${wheels} ${hashed}`,
  ];
  return [
    `if [ -d ${lockFolder} ]; then ${locked.join("; ")}; ${sumBytes(`stat -c %s ${wheels}/*`)}; else ${install}; ${sumBytes(wheelSizes)}; fi`,
    'python3 -m compileall -q --invalidation-mode unchecked-hash "$output/lib"',
  ];
}

/** What was asked for, with a record of what was taken. */
export const installRequirements = `${pipInstall} --log ${pipLog} --report ${recordFile} -- "$@"`;

const wheelSizes = String.raw`sed -n -E -e 's/.*(Downloading|Using cached) .*\.whl \(([0-9.]+) (bytes|kB|MB)\)$/\2 \3/' -e 's/ bytes$//p; s/ kB$/e3/p; s/ MB$/e6/p' ${pipLog}`;

/** `$1`: the tree's folder, then requirements. */
export const pythonTreeScript: Script = {
  name: "make-python-tree",
  steps: [
    ...pipSettings,
    "output=$1",
    "shift",
    'python3 -m venv --without-pip "$output"',
    ...pythonPackages(installRequirements),
  ],
};
