"""
Reads paths of Debian packages from its input, one a line, and prints for each, separated by a tab, the path and the bytes
that the package takes in an image: its files without those that images leave out, the byte code of its Python modules,
and its own files in dpkg's database. Nothing is unpacked.
"""

import marshal
import os
import re
import subprocess
import sys
import tarfile

LEFT_OUT = re.compile(r"usr/share/(?:doc|groff|info|linda|lintian|locale|man)/")
COPYRIGHT = re.compile(r"usr/share/doc/[^/]+/copyright$")
PUBLIC_MODULES = ("usr/lib/python3/dist-packages/", "usr/lib/python3.11/")
# In scripts that Debian's tools write: `py3compile -p NAME /usr/share/NAME -V 3.11-`.
PRIVATE_MODULES = re.compile(rb"py3compile -p \S+((?: +/\S+)+)")
PYC_HEADER_BYTES = 16
# Large files that packages make when they are set up, as a container that installs them has them: formats of TeX, the
# registry of LibreOffice.
MADE_IN_SETUP = {
    "libreoffice-common": 4_394_842,
    "texlive-base": 3_938_492,
    "texlive-latex-base": 36_669_600,
    "texlive-latex-extra": 36_697_890,
    "texlive-xetex": 19_717_064,
}


def measure(path):
    database, compiled = read_control(path)
    files = 0
    with open_tar(path, "--fsys-tarfile") as archive:
        for member in archive:
            name = member.name.lstrip("./")
            database += len(name) + 2
            if not member.isreg() or (LEFT_OUT.match(name) and not COPYRIGHT.match(name)):
                continue
            files += member.size
            if name.endswith(".py") and name.startswith(compiled):
                files += byte_code_size(archive.extractfile(member).read())
    return files + database + MADE_IN_SETUP.get(os.path.basename(path).split("_")[0], 0)


def read_control(path):
    size = 0
    compiled = PUBLIC_MODULES
    with open_tar(path, "--ctrl-tarfile") as archive:
        for member in archive:
            name = member.name.lstrip("./")
            # That one becomes part of the list of all packages.
            if not member.isreg() or name == "control":
                continue
            size += member.size
            if name == "postinst":
                for folders in PRIVATE_MODULES.findall(archive.extractfile(member).read()):
                    compiled += tuple(folder.lstrip("/") + "/" for folder in folders.decode().split())
    return size, compiled


def open_tar(path, option):
    process = subprocess.Popen(["dpkg-deb", option, path], stdout=subprocess.PIPE)
    return tarfile.open(fileobj=process.stdout, mode="r|")


def byte_code_size(source):
    try:
        return PYC_HEADER_BYTES + len(marshal.dumps(compile(source, "/usr/lib/module.py", "exec", dont_inherit=True)))
    except (SyntaxError, ValueError):
        # Templates, and what is still for Python 2: Debian's own tool passes them by too.
        return 0


if sys.version_info[:2] != (3, 11):
    sys.exit("Byte code has another size in other versions: this needs Python 3.11.")
for line in sys.stdin:
    deb = line.rstrip("\n")
    print(deb, measure(deb), sep="\t", flush=True)
