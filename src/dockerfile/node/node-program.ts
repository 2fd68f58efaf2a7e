import { keepFile } from "../download/keep-file.ts";
import { makeOpener } from "../download/make-opener.ts";
import { refusals } from "../download/refusals.ts";
import { unpackArchive } from "../download/unpack-archive.ts";
import { goneExitCode } from "../tell-gone.ts";
import { silentExitCode } from "../tree-scripts.ts";
import { fetchPackages } from "./fetch-packages.ts";
import { layOutNode } from "./lay-out-node.ts";

const imports = `
import base64, bz2, gzip, hashlib, http.client, io, json, lzma, os, re, shutil, socket, ssl, stat, sys
import tarfile, tempfile, time, urllib.error, urllib.parse, urllib.request, zipfile, zlib
`;

const fetchAndLayOut = `
def main(output, npm_output, record, headers, *wanted):
    os.umask(0o022)
    registry = Registry()
    packages = find_packages(registry, [tuple(text.rsplit("@", 1)) for text in wanted])
    with tempfile.TemporaryDirectory() as folder:
        node, npm = [obtain(registry, package, folder + "/" + str(number)) for number, package in enumerate(packages.values())]
        size = os.path.getsize(node) + os.path.getsize(npm)
        lay_out_node(node, output, headers)
        lay_out_npm(npm, npm_output)
    with open(record, "w") as target:
        entries = {"node_modules/" + name: package for name, package in packages.items()}
        json.dump({"lockfileVersion": 3, "packages": entries}, target)
    with open(record + ".bytes", "w") as target:
        print(size, file=target)
    # Other stages stand on this one.
    shutil.rmtree(os.path.dirname(LOCK), ignore_errors=True)
`;

const ending = `
def end(text, code):
    print(text, file=sys.stderr)
    sys.exit(code)


try:
    # After the name, which is for people.
    main(*sys.argv[2:])
except Refused as reason:
    end("error: " + str(reason), 1)
except Gone as reason:
    end(str(reason), ${goneExitCode})
except Unreachable as reason:
    end("error: " + str(reason), ${silentExitCode})
except (tarfile.TarError, zlib.error, EOFError, ValueError, OSError) as error:
    end("error: the Node runtime cannot be made: " + ascii(str(error))[:300], 1)
`;

/**
 * The Python program that makes the tree of Node and that of npm from their packages in an npm registry. It has no use for an
 * npm, which in Debian comes with some fifty packages. Nothing of it is made from values, which it gets as arguments:
 *
 *     NAME OUTPUT NPM_OUTPUT RECORD HEADERS|- NODE@VERSION NPM@VERSION
 *
 * `HEADERS/include` holds the header files of Node, where they are wanted; `RECORD` what was fetched, in the form of npm's own
 * lock, and `RECORD.bytes` its size.
 */
export const nodeProgram = [
  imports,
  refusals,
  makeOpener,
  keepFile,
  fetchAndLayOut,
  fetchPackages,
  unpackArchive,
  layOutNode,
  ending,
]
  .join("\n")
  .trimStart();
