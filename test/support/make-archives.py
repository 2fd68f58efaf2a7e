"""Writes archives for downloads into the folder that is named: good ones, and one for each trick."""

import gzip, io, stat, sys, tarfile, zipfile

folder = sys.argv[1]
program = b"#!/bin/sh\necho tool 1.0\n"


def tar(name, *members, mode="w:gz"):
    fast = {"w:gz": {"compresslevel": 1}, "w:bz2": {"compresslevel": 1}, "w:xz": {"preset": 0}}
    with tarfile.open(f"{folder}/{name}", mode, **fast[mode]) as archive:
        for path, content, changes in members:
            info = tarfile.TarInfo(path)
            info.mode = 0o755
            for key, value in changes.items():
                setattr(info, key, value)
            if content is not None:
                info.size = len(content)
            archive.addfile(info, None if content is None else io.BytesIO(content))


def file(path, content=program, **changes):
    return path, content, changes


def link(path, target):
    return path, None, {"type": tarfile.SYMTYPE, "linkname": target}


def twin(path, target):
    return path, None, {"type": tarfile.LNKTYPE, "linkname": target}


def special(path, kind):
    return path, None, {"type": kind}


def zipped(name, *members):
    with zipfile.ZipFile(f"{folder}/{name}", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content, mode in members:
            info = zipfile.ZipInfo(path)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0 if mode is None else 3
            info.external_attr = 0 if mode is None else mode << 16
            archive.writestr(info, content)


# Good
tree = [
    special("./tool-1.0", tarfile.DIRTYPE),
    file("./tool-1.0/bin/tool"),
    file("./tool-1.0/share/completions/tool", b"complete tool\n", mode=0o644),
    file("./tool-1.0/README", b"read me\n", mode=0o666),
    link("./tool-1.0/bin/alias", "tool"),
    link("./tool-1.0/share/program", "../bin/tool"),
    twin("./tool-1.0/bin/twin", "./tool-1.0/bin/tool"),
]
for mode, ending in (("w:gz", "tar.gz"), ("w:xz", "tar.xz"), ("w:bz2", "tar.bz2")):
    tar(f"tree.{ending}", *tree, mode=mode)
regular = stat.S_IFREG
zipped(
    "tree.zip",
    ("tool-1.0/", b"", stat.S_IFDIR | 0o755),
    ("tool-1.0/bin/tool", program, regular | 0o755),
    ("tool-1.0/share/completions/tool", b"complete tool\n", regular | 0o644),
    ("tool-1.0/README", b"read me\n", regular | 0o666),
    ("tool-1.0/bin/alias", b"tool", stat.S_IFLNK | 0o777),
    ("tool-1.0/share/program", b"../bin/tool", stat.S_IFLNK | 0o777),
    ("tool-1.0/bin/twin", program, regular | 0o755),
)
zipped("from-windows.zip", ("tool", program, None))
tar("one-program.tar.gz", file("tool-linux-amd64"), file("LICENSE", b"free\n", mode=0o644))
tar("several.tar.gz", file("a/tool"), file("b/tool", b"#!/bin/sh\n"))
tar("none.tar.gz", file("README", b"nothing\n", mode=0o644))
with open(f"{folder}/tool", "wb") as plain:
    plain.write(program)

# One program in each
small = [member for member in tree if "twin" not in member[0] and "completions" not in member[0]]
for mode, ending in (("w:gz", "tar.gz"), ("w:xz", "tar.xz"), ("w:bz2", "tar.bz2")):
    tar(f"small.{ending}", *small, mode=mode)
zipped(
    "small.zip",
    ("tool-1.0/bin/tool", program, regular | 0o755),
    ("tool-1.0/README", b"read me\n", regular | 0o666),
    ("tool-1.0/bin/alias", b"tool", stat.S_IFLNK | 0o777),
    ("tool-1.0/share/program", b"../bin/tool", stat.S_IFLNK | 0o777),
)

# Ways out
tar("dot-dot.tar.gz", file("../out"))
tar("dot-dot-inside.tar.gz", file("a/../../out"))
tar("dot-dot-stripped.tar.gz", file("../../a/tool"))
tar("absolute.tar.gz", file("/tmp/skillcrate-test-out"))
tar("backslash.tar.gz", file("..\\out"))
tar("link-absolute.tar.gz", link("tool", "/bin/sh"))
tar("link-out.tar.gz", link("a/tool", "../../out"))
tar("link-out-stripped.tar.gz", link("a/tool", "../out"))
tar("link-over-link.tar.gz", link("a/b/c", "../.."), file("x", b""), link("tool", "a/b/c/../x"))
tar("through-link.tar.gz", link("a", "."), file("a/tool"))
tar("through-later-link.tar.gz", file("a/tool"), link("a", "b"))
tar("link-to-itself.tar.gz", link("tool", "tool"))
tar("twin-out.tar.gz", twin("tool", "../../../etc/passwd"))
tar("twin-absolute.tar.gz", twin("tool", "/etc/passwd"))
tar("twin-of-nothing.tar.gz", twin("tool", "other"))
tar("twin-of-link.tar.gz", link("other", "x"), twin("tool", "other"))
zipped("dot-dot.zip", ("../out", program, regular | 0o755))
zipped("absolute.zip", ("/tmp/skillcrate-test-out", program, regular | 0o755))
zipped("link-out.zip", ("tool", b"../../etc/passwd", stat.S_IFLNK | 0o777))
zipped("link-long.zip", ("tool", b"a/" * 4000, stat.S_IFLNK | 0o777))

# Names
tar("newline.tar.gz", file("a\nb"))
tar("escape.tar.gz", file("\x1b[2Jtool"))
tar("bidirectional.tar.gz", file("tool\u202egz"))
tar("not-utf8.tar.gz", file("tool\udcff"))
tar("long-name.tar.gz", file("a" * 300))
tar("twice.tar.gz", file("tool"), file("tool", b"#!/bin/sh\nid\n"))
tar("file-and-folder.tar.gz", file("tool"), special("tool", tarfile.DIRTYPE))
tar("below-file.tar.gz", file("a"), file("a/tool"))
zipped("twice.zip", ("tool", program, regular | 0o755), ("./tool", b"#!/bin/sh\nid\n", regular | 0o755))

# Kinds and modes
tar("device.tar.gz", special("tool", tarfile.CHRTYPE))
tar("block-device.tar.gz", special("tool", tarfile.BLKTYPE))
tar("pipe.tar.gz", special("tool", tarfile.FIFOTYPE))
tar("setuid.tar.gz", file("tool", mode=0o4755))
tar("setgid.tar.gz", file("tool", mode=0o2755))
zipped("setuid.zip", ("tool", program, regular | 0o4755))
zipped("pipe.zip", ("tool", b"", stat.S_IFIFO | 0o644))
encrypted = bytearray(open(f"{folder}/from-windows.zip", "rb").read())
for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
    encrypted[encrypted.index(signature) + offset] |= 1
open(f"{folder}/encrypted.zip", "wb").write(encrypted)

# Bombs: 140 MB of zeros in a tar, in a zip, and in what is no tar at all; 5 GB that are only said; many entries
zeros = bytes(140 * 1024 * 1024)
tar("bomb.tar.gz", file("tool", zeros))
tar("bomb.tar.xz", file("tool", zeros), mode="w:xz")
zipped("bomb.zip", ("tool", zeros, regular | 0o755))
open(f"{folder}/bomb-plain.tar.gz", "wb").write(gzip.compress(zeros, 1))
header = tarfile.TarInfo("tool")
header.size = 5 * 1024**3
open(f"{folder}/said.tar.gz", "wb").write(gzip.compress(header.tobuf() + bytes(10240)))
with gzip.open(f"{folder}/many.tar.gz", "wb", 1) as many:
    for index in range(100_001):
        many.write(tarfile.TarInfo(f"f{index}").tobuf(tarfile.USTAR_FORMAT))

# Broken
whole = open(f"{folder}/tree.tar.gz", "rb").read()
open(f"{folder}/cut.tar.gz", "wb").write(whole[: len(whole) // 2])
open(f"{folder}/text.tar.gz", "wb").write(b"<html>not found</html>")
open(f"{folder}/text.tar.xz", "wb").write(b"<html>not found</html>")
open(f"{folder}/text.tar.bz2", "wb").write(b"<html>not found</html>")
open(f"{folder}/text.zip", "wb").write(b"<html>not found</html>")
open(f"{folder}/empty.tar.gz", "wb").write(b"")
damaged = bytearray(open(f"{folder}/tree.zip", "rb").read())
damaged[damaged.index(b"bin/tool") + 12] ^= 0xFF
open(f"{folder}/damaged.zip", "wb").write(damaged)
