import type { Script } from "./instruction.ts";
import {
  askRegistry,
  installRequirements,
  npmInstall,
  npmPackages,
  npmSettings,
  pipInstall,
  pipSettings,
  pythonPackages,
} from "./tree-scripts.ts";

/** What a step prints last that could not install its libraries together: which of them fail by themselves. */
export const culpritMarks = {
  start: "skillcrate: one by one",
  /** Then a number, counted from 1 in the order of arguments, and why. */
  failed: "skillcrate: fails: ",
} as const;

/**
 * After libraries could not be installed together: tries each one, by a command that ends well or writes why not to
 * `/tmp/why`, and ends the step.
 */
function findCulprits(attempt: string): string {
  const why = "grep -iE '^(npm )?err(or|!)' /tmp/why | grep -vE ' code | log of ' | head -n 1 | cut -c 1-300";
  return [
    `echo "${culpritMarks.start}" > /tmp/culprits`,
    "number=0",
    `for library; do number=$((number + 1)); ${attempt} > /tmp/why 2>&1 || echo "${culpritMarks.failed}$number $(${why})" >> /tmp/culprits; done`,
    "cat /tmp/culprits >&2",
    "exit 1",
  ].join("; ");
}

/** Each beside those before it that fit: what cannot be together is settled by the order. */
const pipAttempt = `{ ${pipInstall} --dry-run -r /tmp/fitting -- "$library" && echo "$library" >> /tmp/fitting; }`;

/**
 * `$1`: the tree's folder, then requirements. pip sees Debian's libraries, keeps those that will do, and chooses the
 * others to go with them. The last step writes the line by which Python finds the folder of libraries.
 */
export const pythonLibrariesScript: Script = {
  name: "make-python-libraries",
  steps: [
    ...pipSettings,
    "output=$1",
    "shift",
    'python3 -m venv --without-pip --system-site-packages "$output"',
    ...pythonPackages(`${installRequirements} || { : > /tmp/fitting; ${findCulprits(pipAttempt)}; }`),
    'ls -d "$output"/lib/python3*/site-packages > "$output/libraries.pth"',
  ],
};

const installLibraries = `${npmInstall} --prefix "$output"`;
const npmAttempt = `{ rm -rf /tmp/alone; ${npmInstall} --legacy-peer-deps --prefix /tmp/alone -- "$library"; }`;

/**
 * `$1`: the tree's folder, then packages. Libraries of different skills need not agree on what they expect beside them
 * (peers): where they do not, each has only what it depends on.
 */
export const nodeLibrariesScript: Script = {
  name: "make-node-libraries",
  steps: [
    ...npmSettings,
    "output=$1",
    "shift",
    ...npmPackages(
      '"$output"',
      `${installLibraries} -- "$@" || ${installLibraries} --legacy-peer-deps -- "$@" || { ${askRegistry}; ${findCulprits(npmAttempt)}; }`,
    ),
  ],
};
