import type { Script } from "./instruction.ts";
import { settingsFolder } from "./settings-paths.ts";

/** Where npm and pip keep what they downloaded, in stages that do not reach an image. */
export const npmCache = "/var/cache/npm";
export const pipCache = "/var/cache/pip";

export const npmSettings: readonly string[] = [
  `if [ -f ${settingsFolder}/ca.pem ]; then export NODE_EXTRA_CA_CERTS=${settingsFolder}/ca.pem; fi`,
  `if [ -f ${settingsFolder}/npmrc ]; then export NPM_CONFIG_USERCONFIG=${settingsFolder}/npmrc; fi`,
];

/** No scripts of packages: they would run with the network and whatever the settings hold. */
export const npmInstall = `npm install --ignore-scripts --no-audit --no-fund --no-update-notifier --cache ${npmCache}`;

/** `$1`: Node's folder, `$2`: npm's folder, `$3`: platform package, `$4` and `$5`: it and npm with versions. */
export const nodeTreeScript: Script = {
  name: "make-node-tree",
  steps: [
    ...npmSettings,
    // Not --global: an npm refuses to replace itself by one that its Node is too old for, which is the point here.
    `${npmInstall} --no-save --prefix /tmp/node -- "$4" "$5"`,
    'mkdir -p "$1/bin" "$2/lib/node_modules"',
    'mv "/tmp/node/node_modules/$3/bin/node" "$1/bin/"',
    'mv "/tmp/node/node_modules/$3/LICENSE" "$1/"',
    'mv /tmp/node/node_modules/npm "$2/lib/node_modules/"',
    'rm -rf "$2/lib/node_modules/npm/docs" "$2/lib/node_modules/npm/man"',
    'mkdir "$2/bin"',
    'for command in npm npx; do ln -s "../lib/node_modules/npm/bin/$command-cli.js" "$2/bin/$command"; done',
  ],
};

/** `$1`: the tree's folder, then packages. Only what runs stays: no manual pages, no record of where it came from. */
export const npmTreeScript: Script = {
  name: "make-npm-tree",
  steps: [
    ...npmSettings,
    "output=$1",
    "shift",
    `${npmInstall} --global --prefix "$output" -- "$@"`,
    'rm -rf "$output/share" "$output/lib/node_modules/.package-lock.json"',
    'mkdir -p "$output/bin"',
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
  `if [ -f ${settingsFolder}/ca.pem ]; then cat ${settingsFolder}/ca.pem > /tmp/ca.pem; if [ -f /etc/ssl/certs/ca-certificates.crt ]; then cat /etc/ssl/certs/ca-certificates.crt >> /tmp/ca.pem; fi; export PIP_CERT=/tmp/ca.pem; fi`,
  `if [ -f ${settingsFolder}/pip.conf ]; then export PIP_CONFIG_FILE=${settingsFolder}/pip.conf; fi`,
];

/**
 * Requirements into the environment at `$output`. Wheels only, since building from source runs code with the network
 * and whatever the settings hold. Compiled once, by hash: no time of a file can make it stale, and nothing is compiled
 * at run time.
 */
export const pipInstall: readonly string[] = [
  `python3 -m pip --python "$output/bin/python3" --disable-pip-version-check --no-input --cache-dir ${pipCache} install --only-binary :all: --no-compile --no-warn-script-location --root-user-action ignore -- "$@"`,
  'python3 -m compileall -q --invalidation-mode unchecked-hash "$output/lib"',
];

/** `$1`: the tree's folder, then requirements. */
export const pythonTreeScript: Script = {
  name: "make-python-tree",
  steps: [...pipSettings, "output=$1", "shift", 'python3 -m venv --without-pip "$output"', ...pipInstall],
};
