/**
 * The Python program of a download's stage: fetches one file, holds it to its digest, looks at every entry of the
 * archive before it writes the first, and unpacks beside the place where the tree will be. Debian's Python alone runs
 * it; nothing of it is made from values, which it gets as arguments:
 *
 *     URL SHA256|- KIND|- STRIP OUTPUT RECORD [NAME=PATH|NAME=]…
 *
 * `OUTPUT/tree` holds what was downloaded, `OUTPUT/bin` a link for each command, and the file `RECORD` what was fetched,
 * for the lock. Everything that comes from outside is refused unless it is plain: T3 and T4 of the threats.
 */
export const fetchProgram = String.raw`
import bz2, gzip, hashlib, http.client, ipaddress, json, lzma, os, re, shutil, socket, ssl, stat, sys
import tarfile, time, urllib.error, urllib.parse, urllib.request, zipfile, zlib

MEGABYTE = 1024 * 1024
LARGEST_FILE = 2048 * MEGABYTE
LARGEST_TREE = 4096 * MEGABYTE
# Programs shrink to a third or so; what grows more than this is made to fill a disk.
LARGEST_GROWTH = 60
MOST_ENTRIES = 100000
LONGEST_FETCH_SECONDS = 1800
SILENCE_SECONDS = 60
CACHE = "/var/cache/downloads"
EXTRA_CERTIFICATES = "/mnt/ca.pem"
# RFC 1918 and RFC 4193
COMPANY_NETWORKS = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]


class Refused(Exception):
    pass


def refuse(reason):
    raise Refused(reason)


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


def largest_tree(size):
    return min(LARGEST_TREE, max(64 * MEGABYTE, LARGEST_GROWTH * size))


# Fetching

def obtain(url, file, digest):
    kept = None if digest is None or not os.path.isdir(CACHE) else CACHE + "/" + digest
    if kept is not None and os.path.isfile(kept) and digest_of(kept) == digest:
        shutil.copyfile(kept, file)
        return digest
    for wait in (1, 5, None):
        try:
            fetch(url, file)
            break
        except urllib.error.HTTPError as error:
            if wait is None or error.code < 500:
                refuse("the server answers %d for %s" % (error.code, url))
        except (OSError, http.client.HTTPException) as error:
            if wait is None:
                refuse("%s cannot be fetched: %s" % (url, error))
        time.sleep(wait)
    found = digest_of(file)
    if digest is not None and found != digest:
        refuse("%s has the sha256 %s, not %s" % (url, found, digest))
    if kept is not None:
        part = kept + "." + str(os.getpid()) + "." + str(time.monotonic_ns())
        shutil.copyfile(file, part)
        os.rename(part, kept)
    return found


def digest_of(file):
    with open(file, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def fetch(url, file):
    check_address(url)
    context = ssl.create_default_context()
    if os.path.exists(EXTRA_CERTIFICATES):
        context.load_verify_locations(EXTRA_CERTIFICATES)
    opener = urllib.request.build_opener(CheckedRedirects, PublicHosts(context=context))
    # Some hosts give a compressed form of a file that is one already, unless they are asked not to.
    headers = {"User-Agent": "skillcrate", "Accept-Encoding": "identity"}
    end = time.monotonic() + LONGEST_FETCH_SECONDS
    with opener.open(urllib.request.Request(url, headers=headers), timeout=SILENCE_SECONDS) as answer:
        announced = answer.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) > LARGEST_FILE:
            refuse("the file is larger than %d bytes" % LARGEST_FILE)
        with open(file, "wb") as target:
            copied = 0
            while chunk := answer.read(MEGABYTE):
                copied += len(chunk)
                if copied > LARGEST_FILE:
                    refuse("the file is larger than %d bytes" % LARGEST_FILE)
                if time.monotonic() > end:
                    refuse("the file did not arrive within %d s" % LONGEST_FETCH_SECONDS)
                target.write(chunk)
    if announced.isdecimal() and copied != int(announced):
        raise OSError("%d of %s bytes arrived" % (copied, announced))


def check_address(url):
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or parts.username is not None or parts.password is not None:
        refuse("only https without a login is fetched, and not " + shown(url))
    if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", host):
        refuse("only public names of hosts are asked, and not " + shown(host))
    if re.search(r"(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home\.arpa)$", host):
        refuse(shown(host) + " leads to a machine of the network inside")


class CheckedRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, request, file, code, message, headers, url):
        check_address(url)
        return super().redirect_request(request, file, code, message, headers, url)


class PublicConnection(http.client.HTTPSConnection):
    def connect(self):
        # A proxy is the operator's own, and looks names up itself.
        if self._tunnel_host is None:
            self._create_connection = self.reach
        super().connect()

    def reach(self, address, *rest):
        host, port = address
        # The operator has named it as a host that is reached without a proxy.
        inside_is_fine = urllib.request.proxy_bypass_environment(host)
        found = {row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        for text in sorted(found):
            check_machine(ipaddress.ip_address(text.split("%")[0]), host, inside_is_fine)
        return socket.create_connection((sorted(found)[0], port), *rest)


class PublicHosts(urllib.request.HTTPSHandler):
    def https_open(self, request):
        return self.do_open(PublicConnection, request, context=self._context)


def check_machine(address, host, inside_is_fine):
    address = getattr(address, "ipv4_mapped", None) or address
    if inside_is_fine and any(address in network for network in COMPANY_NETWORKS):
        return
    if not address.is_global or address.is_multicast:
        refuse("%s is the machine %s of the network inside" % (shown(host), address))


# Unpacking: an entry is (path, kind, size, is executable, target of a link, how to read it)

def unpack(file, kind, strip, tree, limit):
    if kind == "zip":
        with zipfile.ZipFile(file) as archive:
            write_tree(check_entries(zip_entries(archive, strip), limit), tree)
        return
    plain = file + ".tar"
    with openers[kind](file) as source, open(plain, "wb") as target:
        # The archive's own headers and padding are part of what is counted.
        copy_at_most(source, target, limit + 64 * MEGABYTE)
    with tarfile.open(plain, "r:") as archive:
        write_tree(check_entries(tar_entries(archive, strip), limit), tree)
    os.unlink(plain)


openers = {"tar.gz": gzip.open, "tar.xz": lzma.open, "tar.bz2": bz2.open}


def copy_at_most(source, target, limit):
    copied = 0
    while chunk := source.read(MEGABYTE):
        copied += len(chunk)
        if copied > limit:
            refuse("the archive unpacks to more than %d bytes" % limit)
        target.write(chunk)
    return copied


def tar_entries(archive, strip):
    for member in archive:
        path = tree_path(member.name, strip)
        if member.isdir():
            yield path, "folder", 0, False, None, None
        elif member.issym():
            yield path, "link", 0, False, member.linkname, None
        elif member.islnk():
            yield path, "twin", 0, False, tree_path(member.linkname, strip), None
        elif member.isreg():
            check_mode(member.name, member.mode)
            read = lambda member=member: archive.extractfile(member)
            yield path, "file", member.size, member.mode & 0o111 != 0, None, read
        else:
            refuse("%s is a device or a pipe" % shown(member.name))


def zip_entries(archive, strip):
    for info in archive.infolist():
        if info.flag_bits & 1:
            refuse("%s is encrypted" % shown(info.filename))
        if "\0" in info.orig_filename:
            refuse("%s has a NUL in its name" % shown(info.orig_filename))
        path = tree_path(info.filename, strip)
        # The upper half holds a mode only where a Unix made the archive.
        mode = info.external_attr >> 16 if info.create_system == 3 else 0
        kind = stat.S_IFMT(mode)
        if info.is_dir() or kind == stat.S_IFDIR:
            yield path, "folder", 0, False, None, None
        elif kind == stat.S_IFLNK:
            if info.file_size > 4096:
                refuse("%s leads to a path that is too long" % shown(info.filename))
            yield path, "link", 0, False, archive.read(info).decode("utf-8", "replace"), None
        elif kind in (0, stat.S_IFREG):
            check_mode(info.filename, mode)
            yield path, "file", info.file_size, mode & 0o111 != 0, None, lambda info=info: archive.open(info)
        else:
            refuse("%s is a device or a pipe" % shown(info.filename))


def tree_path(name, strip):
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or "\\" in name:
        refuse("%s leads out of the archive" % shown(name))
    if not name.isprintable() or any(len(part.encode("utf-8", "replace")) > 255 for part in parts):
        refuse("%s is no file name" % shown(name))
    return "/".join(parts[strip:])


def check_mode(name, mode):
    if mode & (stat.S_ISUID | stat.S_ISGID):
        refuse("%s runs as another user (setuid, setgid)" % shown(name))


def check_entries(entries, limit):
    kinds, checked, total = {}, [], 0
    for count, entry in enumerate(entries, 1):
        path, kind, size = entry[:3]
        total += size
        if count > MOST_ENTRIES or total > limit:
            refuse("the archive unpacks to more than %d bytes or %d entries" % (limit, MOST_ENTRIES))
        if path == "":
            continue
        if path in kinds and not (kind == kinds[path] == "folder"):
            refuse("%s stands in the archive twice" % shown(path))
        kinds[path] = kind
        checked.append(entry)
    for path, kind, _, _, target, _ in checked:
        for folder in folders_above(path):
            if kinds.get(folder, "folder") != "folder":
                refuse("%s lies below %s, which is no folder" % (shown(path), shown(folder)))
        if kind == "link":
            check_link(path, target)
        if kind == "twin" and kinds.get(target) != "file":
            refuse("%s is a hard link to what is no file of the archive" % shown(path))
    return checked


def folders_above(path):
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def check_link(path, target):
    # Steps up come first, and then stay in the tree: where a link's other steps lead over is no link that goes up.
    parts = [part for part in target.split("/") if part not in ("", ".")]
    up = len(parts) - len(list(skip_up(parts)))
    if not target or target.startswith("/") or not target.isprintable():
        refuse("the link %s leads out of the archive" % shown(path))
    if up > path.count("/") or ".." in parts[up:]:
        refuse("the link %s leads out of the archive" % shown(path))


def skip_up(parts):
    going_up = True
    for part in parts:
        going_up = going_up and part == ".."
        if not going_up:
            yield part


def write_tree(entries, tree):
    for kind in ("folder", "file", "twin", "link"):
        for path, its_kind, size, executable, target, read in entries:
            if its_kind != kind:
                continue
            place = tree + "/" + path
            os.makedirs(place if kind == "folder" else os.path.dirname(place), exist_ok=True)
            if kind == "file":
                with read() as source, open(place, "xb") as file:
                    if copy_at_most(source, file, size) != size:
                        refuse("%s is shorter than it says" % shown(path))
                os.chmod(place, 0o755 if executable else 0o644)
            elif kind == "twin":
                os.link(tree + "/" + target, place)
            elif kind == "link":
                os.symlink(target, place)


# Commands

def link_commands(staging, wanted):
    os.mkdir(staging + "/bin")
    tree = os.path.realpath(staging + "/tree")
    files = sorted(walk_files(tree))
    for name, path in wanted.items():
        path = path or find_command(tree, files, name, len(wanted) == 1)
        file = os.path.realpath(tree + "/" + path)
        if not file.startswith(tree + "/") or not os.path.isfile(file):
            refuse("the download has no file " + shown(path))
        os.chmod(file, 0o755)
        os.symlink("../tree/" + path, staging + "/bin/" + name)


def walk_files(tree):
    for folder, _, names in os.walk(tree):
        for name in names:
            if os.path.isfile(folder + "/" + name):
                yield os.path.relpath(folder + "/" + name, tree)


def find_command(tree, files, name, alone):
    named = [path for path in files if os.path.basename(path) == name]
    programs = [path for path in named if os.access(tree + "/" + path, os.X_OK)] or named
    if not programs and alone:
        # An archive of one program often names its platform in the program's name.
        programs = [path for path in files if is_program(tree + "/" + path)]
    if "bin/" + name in programs:
        return "bin/" + name
    if len({os.path.realpath(tree + "/" + path) for path in programs}) == 1:
        return programs[0]
    if not programs:
        refuse("the download has no file named " + shown(name))
    refuse("the download has several files for %s: %s" % (name, ", ".join(map(shown, programs[:5]))))


def is_program(file):
    if os.path.islink(file):
        return False
    with open(file, "rb") as source:
        head = source.read(4)
    return head == b"\x7fELF" and ".so" not in os.path.basename(file) or head[:2] == b"#!"


def shown(text):
    return ascii(text[:200])


broken = (zipfile.BadZipFile, zipfile.LargeZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError)
try:
    main(*sys.argv[1:])
except Refused as reason:
    sys.exit("skillcrate: " + str(reason))
except (*broken, NotImplementedError, RuntimeError, OSError, ValueError) as error:
    sys.exit("skillcrate: the download cannot be unpacked: " + ascii(str(error))[:300])
`.trimStart();
