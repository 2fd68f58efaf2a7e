/** What a value must be to stand in a Dockerfile. */
export interface Grammar {
  /** With an article, for `… is not a command name`. */
  readonly description: string;
  readonly accepts: (value: string) => boolean;
}

/**
 * A grammar for each kind of value, as strict as its ecosystem allows: none lets through white space, quotes, `$`, a
 * backslash, a leading dash, or what the ecosystem's client would take for a file, an address or an alias.
 */
export const grammars = {
  name: grammar("an image's name", /^[a-z0-9][a-z0-9-]{0,62}$/),
  digest: grammar("a SHA-256 digest", /^sha256:[0-9a-f]{64}$/),
  epoch: grammar("the name of a state of the package index", /^[A-Za-z0-9][A-Za-z0-9.:_-]{0,63}$/),
  snapshotTime: grammar("the time of a snapshot", /^\d{8}T\d{6}Z$/),
  stage: grammar("the name of a stage", /^[a-z][a-z0-9._-]{0,127}$/),
  bin: grammar("a command name", /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/),
  // A trailing + or - would install or remove; only names such as g++ end in two of them.
  debianPackage: grammar(
    "a Debian package",
    /^[a-z0-9](?:[a-z0-9+.-]{0,126}[a-z0-9.]|[a-z0-9.-]{0,126}\+\+)(?:=[0-9][A-Za-z0-9.+:~-]{0,126})?$/,
  ),
  npmName: grammar(
    "the name of an npm package",
    /^(?:@[a-z0-9][a-z0-9._-]*\/)?[A-Za-z0-9][A-Za-z0-9._~-]*(?<!\.tgz|\.tar|\.tar\.gz)$/,
    214,
  ),
  npmVersion: grammar("an exact npm version", /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/),
  npmRange: grammar(
    "a range of npm versions, or a tag",
    /^(?:[~^]|[<>]?=?)[0-9xX*][0-9A-Za-z.*+-]*(?:(?: | \|\| | - )(?:[~^]|[<>]?=?)[0-9xX*][0-9A-Za-z.*+-]*)*$|^[A-Za-z][0-9A-Za-z.-]*$/,
  ),
  pythonName: grammar(
    "the name of a Python package",
    /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?<!\.whl|\.zip|\.tgz|\.gz|\.bz2|\.xz|\.tar)$/,
  ),
  pythonVersion: grammar("an exact Python version", /^[0-9][A-Za-z0-9.!+_-]*$/),
  pythonRange: grammar(
    "a range of Python versions",
    /^(?:[<>~!=]=|[<>]|===)[0-9][0-9A-Za-z.!+*_-]*(?:,(?:[<>~!=]=|[<>]|===)[0-9][0-9A-Za-z.!+*_-]*)*$/,
  ),
  // The host's last part has a letter, so that no machine is named by its number.
  downloadAddress: grammar(
    "the https address of a download",
    /^https:\/\/(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9](?::\d{1,5})?\/[A-Za-z0-9._~!*()+,;=:@%/?&-]*$/,
    1000,
  ),
  formula: grammar("the name of a Homebrew formula", /^[a-z0-9][a-z0-9+._-]*(?:@[0-9][0-9.]*)?$/, 100),
  archive: grammar("a kind of archive", /^(?:tar\.gz|tar\.xz|tar\.bz2|zip)$/),
  count: grammar("a number of folders", /^\d{1,2}$/),
  goPath: grammar(
    "the import path of a Go package",
    /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+(?:\/[A-Za-z0-9_~](?:[A-Za-z0-9._~-]*[A-Za-z0-9_~-])?)*$/,
  ),
  goVersion: grammar(
    "an exact version of a Go module",
    /^v\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+incompatible)?$/,
  ),
  crate: grammar("the name of a crate", /^[A-Za-z][A-Za-z0-9_-]{0,63}$/),
  crateVersion: grammar(
    "an exact version of a crate",
    /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/,
  ),
  crateFeature: grammar("a crate's feature", /^[A-Za-z0-9_][A-Za-z0-9_+.-]{0,63}$/),
  tree: grammar("a folder of a tree", /^\/opt\/skills\/[a-z0-9][a-z0-9-]{0,80}$/),
  copiedFolder: grammar(
    "a folder of a tree or below /usr/share",
    /^(?:\/opt\/skills\/[a-z0-9][a-z0-9-]{0,80}|\/usr\/share(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._+@-]+)+)$/,
  ),
  absolutePath: grammar("an absolute path", /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._+@-]+)+$/),
  relativePath: grammar(
    "a relative path",
    /^(?!\.{1,2}(?:\/|$))[A-Za-z0-9._+@][A-Za-z0-9._+@-]*(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._+@-]+)*$/,
  ),
  mode: grammar("a file mode", /^(?:644|755)$/),
  user: grammar("a user's name", /^[a-z_][a-z0-9_-]{0,31}$/),
  id: grammar("a number between 1 and 59999", /^(?:[1-9]\d{0,3}|[1-5]\d{4})$/),
  variable: grammar("the name of an environment variable", /^[A-Z_][A-Z0-9_]{0,127}$/),
  line: grammar("one line of printable ASCII", /^[ -~]*$/, 4096),
  port: grammar("a port", /^[0-9]{1,5}\/(?:tcp|udp)$/),
} as const satisfies Record<string, Grammar>;

function grammar(description: string, pattern: RegExp, longest = 255): Grammar {
  return { description, accepts: (value) => value.length <= longest && pattern.test(value) };
}
