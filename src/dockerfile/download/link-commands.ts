/**
 * Python functions that find the commands in what was downloaded and link them: a part of the program of a download's
 * stage. Where several files could be meant, none is.
 */
export const linkCommands = String.raw`
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
    if len({os.stat(tree + "/" + path).st_ino for path in programs}) == 1:
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
`;
