import type { Script } from "./instruction.ts";
import { npmInstall, npmPackages, npmSettings, pipInstall, pipSettings } from "./tree-scripts.ts";

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
    ...pipInstall,
    'ls -d "$output"/lib/python3*/site-packages > "$output/libraries.pth"',
  ],
};

const installLibraries = `${npmInstall} --prefix "$output"`;

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
      `${installLibraries} -- "$@" || ${installLibraries} --legacy-peer-deps -- "$@"`,
    ),
  ],
};
