import { fetchFile } from "./fetch-file.ts";
import { keepFile } from "./keep-file.ts";
import { linkCommands } from "./link-commands.ts";
import { makeOpener } from "./make-opener.ts";
import { refusals } from "./refusals.ts";
import { unpackArchive } from "./unpack-archive.ts";

const imports = `
import base64, bz2, gzip, hashlib, http.client, io, ipaddress, json, lzma, os, re, shutil, socket, ssl, stat, sys
import tarfile, time, urllib.error, urllib.parse, urllib.request, zipfile, zlib
`;

const fetchAndUnpack = `
def main(url, digest, kind, strip, output, record, *commands):
    staging = output + ".part"
    os.umask(0o022)
    shutil.rmtree(staging, ignore_errors=True)
    os.makedirs(staging + "/tree")
    try:
        file = staging + "/file"
        found = obtain(url, file, None if digest == "-" else digest)
        size = os.path.getsize(file)
        tree = staging + "/tree"
        wanted = dict(command.split("=", 1) for command in commands)
        if kind == "-":
            name = next(iter(wanted))
            os.rename(file, tree + "/" + name)
            wanted = dict.fromkeys(wanted, name)
        else:
            unpack(file, kind, int(strip), tree, largest_tree(size))
            os.unlink(file)
        link_commands(staging, wanted)
        with open(record, "w") as target:
            json.dump({"url": url, "sha256": found, "sizeBytes": size}, target)
        os.rename(staging, output)
        print("sha256 " + found + " " + url)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
`;

/** What the program ends with where the download itself is at fault (EX_DATAERR of sysexits.h), and not the way to it. */
export const refusedExitCode = 65;
/** What its last line of words begins with. */
export const refusedPrefix = "skillcrate: ";

const ending = `
def end(reason, code):
    print("${refusedPrefix}" + reason, file=sys.stderr)
    sys.exit(code)


broken = (zipfile.BadZipFile, zipfile.LargeZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError)
try:
    # After the name, which is for people.
    main(*sys.argv[2:])
except Refused as reason:
    end(str(reason), ${refusedExitCode})
except Unreachable as reason:
    end(str(reason), 1)
except (*broken, NotImplementedError, RuntimeError, ValueError, OSError) as error:
    # What a system call did not say comes from reading the archive.
    code = ${refusedExitCode} if getattr(error, "errno", None) is None else 1
    end("the download cannot be unpacked: " + ascii(str(error))[:300], code)
`;

/**
 * The Python program of a download's stage: fetches one file, holds it to its digest, looks at every entry of the
 * archive before it writes the first, and unpacks beside the place where the tree will be. Debian's Python alone runs
 * it; nothing of it is made from values, which it gets as arguments:
 *
 *     NAME URL SHA256|- KIND|- STRIP OUTPUT RECORD [COMMAND=PATH|COMMAND=]…
 *
 * `OUTPUT/tree` holds what was downloaded, `OUTPUT/bin` a link for each command, and the file `RECORD` what was fetched,
 * for the lock. Everything that comes from outside is refused unless it is plain.
 */
export const fetchProgram = [
  imports,
  refusals,
  makeOpener,
  keepFile,
  fetchAndUnpack,
  fetchFile,
  unpackArchive,
  linkCommands,
  ending,
]
  .join("\n")
  .trimStart();
