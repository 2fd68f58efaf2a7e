/**
 * Python functions that unpack an archive: a part of the program of a download's stage. Every entry is looked at before
 * the first is written; owners, times and special bits stay behind.
 */
export const unpackArchive = String.raw`
LARGEST_TREE = 4096 * MEGABYTE
# Programs shrink to a third or so; what grows more than this is made to fill a disk.
LARGEST_GROWTH = 60
MOST_ENTRIES = 100000


def largest_tree(size):
    return min(LARGEST_TREE, max(64 * MEGABYTE, LARGEST_GROWTH * size))


# An entry is (path, kind, size, is executable, target of a link, how to read it)

def unpack(file, kind, strip, tree, limit, is_wanted=lambda path: True):
    os.makedirs(tree, exist_ok=True)

    def write(entries):
        write_tree([entry for entry in check_entries(entries, limit) if is_wanted(entry[0])], tree)

    if kind == "zip":
        with zipfile.ZipFile(file) as archive:
            write(zip_entries(archive, strip))
        return
    plain = tree + ".tar"
    with openers[kind](file) as source, open(plain, "wb") as target:
        # The archive's own headers and padding are part of what is counted.
        copy_at_most(source, target, limit + 64 * MEGABYTE)
    with tarfile.open(plain, "r:") as archive:
        write(tar_entries(archive, strip))
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
`;
