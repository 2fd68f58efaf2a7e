import type { BrewTreeStage } from "../plan/image-plan.ts";
import { fetchCommand } from "./download/render-download.ts";
import { from, type Instruction, run, runScript, type Script } from "./instruction.ts";
import { type RenderTarget, settingsMounts } from "./render-target.ts";
import { recordFile, settingsFolder } from "./settings-paths.ts";

/** Homebrew gives its formulas from an index of today, which only a Homebrew of today reads. */
const homebrewAddress = "https://github.com/Homebrew/brew/archive/HEAD.tar.gz";
const fetched = "/opt/homebrew";

/** Fetches Homebrew, lets it unpack its bottles, and keeps what they are: no Homebrew, no cache. */
export function renderBrewTree(stage: BrewTreeStage, target: RenderTarget): Instruction[] {
  const { id, output, packages, bins } = stage;
  const mounts = target.rendering === "portable" ? [] : settingsMounts("download", target);
  const fetch = [...fetchCommand, "fetch-homebrew", homebrewAddress, "-", "tar.gz", "1"];
  const formulas = packages.map(({ name }) => name);
  return [
    from(id, stage.toolchain, id),
    run(id, [...fetch, fetched, recordFile, "brew=bin/brew"], mounts),
    runScript(id, brewTreeScript, [output, ...formulas, "--", ...bins], mounts),
  ];
}

/**
 * `$1`: the tree's folder, then formulas, `--`, and the commands that they must give. Homebrew refuses to run as root,
 * so a user of the stage's own runs it, and reads certificates from where curl and git are told.
 */
const brewTreeScript: Script = {
  name: "make-brew-tree",
  steps: [
    "output=$1",
    "shift",
    "prefix=/home/linuxbrew/.linuxbrew",
    'mkdir -p "$prefix/bin" "$output"',
    `mv ${fetched}/tree "$prefix/Homebrew"`,
    'ln -s ../Homebrew/bin/brew "$prefix/bin/brew"',
    "chown -R 1000:1000 /home/linuxbrew",
    `if [ -f ${settingsFolder}/ca.pem ]; then ${[
      `cat ${settingsFolder}/ca.pem /etc/ssl/certs/ca-certificates.crt > /opt/ca.pem`,
      "git config --system http.sslCAInfo /opt/ca.pem",
      "echo 'cacert = /opt/ca.pem' > /opt/curlrc",
      "export HOMEBREW_CURLRC=/opt/curlrc",
    ].join("; ")}; fi`,
    'formulas=""',
    'while [ "$1" != -- ]; do formulas="$formulas $1"; shift; done',
    "shift",
    `${[
      "HOME=/home/linuxbrew",
      "HOMEBREW_NO_ANALYTICS=1",
      "HOMEBREW_NO_AUTO_UPDATE=1",
      "HOMEBREW_NO_INSTALL_CLEANUP=1",
      "HOMEBREW_NO_ENV_HINTS=1",
    ].join(
      " ",
    )} setpriv --reuid 1000 --regid 1000 --clear-groups "$prefix/bin/brew" install --formula -- $formulas`,
    'rm -rf "$prefix/Homebrew" "$prefix/bin/brew" "$prefix/var/homebrew"',
    'for command in "$@"; do test -x "$prefix/bin/$command"; done',
    'chown -R 0:0 "$prefix"',
    'mv "$prefix" "$output/"',
  ],
};
