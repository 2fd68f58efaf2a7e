import { goToolchain } from "../../src/recipe/go-release.ts";
import { zip } from "./python-index.ts";

/**
 * What a Go module proxy answers, by path: the command `example.com/tiny/cmd/tiny`, which prints what it was built from,
 * a dependency of it with a part in C, and a release of Go that leaves the work to Debian's and tells of itself by a
 * build tag. Builders keep modules by path and version: one that changes needs another version.
 */
export function goModules(platform: "linux/amd64" | "linux/arm64"): ReadonlyMap<string, Buffer> {
  const release = goToolchain(platform);
  return new Map([
    ...tinyCommand("v1.1.0"),
    ...moduleFiles("example.com/dep", "v1.2.0", {
      "go.mod": "module example.com/dep\n\ngo 1.19\n",
      "dep.go": dependency,
    }),
    ...moduleFiles(release.name, release.version, {
      "go.mod": `module ${release.name}\n`,
      "src/_go.mod": "module std\n",
      "bin/go":
        '#!/bin/sh\ntest -f /opt/go/src/go.mod && GOFLAGS="$GOFLAGS -tags=brought" exec /usr/bin/go "$@"\n',
      "pkg/tool/linux/compile": "",
    }),
  ]);
}

/** The command at a version. */
export function tinyCommand(version: string): (readonly [string, Buffer])[] {
  return moduleFiles("example.com/tiny", version, {
    "go.mod": "module example.com/tiny\n\ngo 1.19\n\nrequire example.com/dep v1.2.0\n",
    "cmd/tiny/main.go": program,
    "cmd/tiny/debian.go": '//go:build !brought\n\npackage main\n\nconst built = "Debian\'s Go"\n',
    "cmd/tiny/brought.go": '//go:build brought\n\npackage main\n\nconst built = "the Go that was brought"\n',
  });
}

/** C could take a file that it finds into the program. */
const dependency = `package dep

/*
#if __has_include("/mnt/go.env") || __has_include("/mnt/ca.pem")
static int found(void) { return 1; }
#else
static int found(void) { return 0; }
#endif
*/
import "C"

func Found() bool { return C.found() != 0 }
`;

/** Without `fmt`: compiling what that stands on takes most of the time. */
const program = `package main

import "example.com/dep"

func main() {
	println("tiny 1.1.0 by", built, "with settings:", dep.Found())
}
`;

function moduleFiles(
  path: string,
  version: string,
  files: Readonly<Record<string, string>>,
): (readonly [string, Buffer])[] {
  const inZip = Object.entries(files).map(([name, text]) => [`${path}@${version}/${name}`, text] as const);
  return [
    [
      `${path}/@v/${version}.info`,
      Buffer.from(JSON.stringify({ Version: version, Time: "2026-01-01T00:00:00Z" })),
    ],
    [`${path}/@v/${version}.mod`, Buffer.from(files["go.mod"] ?? "")],
    [`${path}/@v/${version}.zip`, zip(Object.fromEntries(inZip))],
  ];
}
