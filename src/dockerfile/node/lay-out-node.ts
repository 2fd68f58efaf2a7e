/**
 * Python functions that lay out the trees of Node and of npm from their packages, file by file as an installation by
 * npm does: a part of the program that makes a Node tree.
 */
export const layOutNode = `
def lay_out_node(file, output, headers):
    staging = output + ".part"
    wanted = ("bin/node", "LICENSE", "include/") if headers != "-" else ("bin/node", "LICENSE")
    unpack(file, "tar.gz", 1, staging, largest_tree(os.path.getsize(file)), lambda path: path.startswith(wanted))
    if headers != "-":
        os.makedirs(headers)
        os.rename(staging + "/include", headers + "/include")
    if not os.access(staging + "/bin/node", os.X_OK):
        refuse("the package of Node has no program bin/node")
    os.rename(staging, output)


def lay_out_npm(file, output):
    folder = output + "/lib/node_modules/npm"
    is_wanted = lambda path: path.split("/")[0] not in ("docs", "man")
    unpack(file, "tar.gz", 1, folder, largest_tree(os.path.getsize(file)), is_wanted)
    os.mkdir(output + "/bin")
    for command in ("npm", "npx"):
        program = "lib/node_modules/npm/bin/%s-cli.js" % command
        os.chmod(output + "/" + program, 0o755)
        os.symlink("../" + program, output + "/bin/" + command)
    for modules in [path for path, folders, _ in os.walk(folder) if os.path.basename(path) == "node_modules"]:
        link_bundled(modules)


# Commands of packages that come inside another's file stand beside them, as npm has them.

def link_bundled(modules):
    names = [entry.name for entry in os.scandir(modules) if not entry.name.startswith("@")]
    scopes = [entry.name for entry in os.scandir(modules) if entry.name.startswith("@")]
    for name in names + [scope + "/" + name for scope in scopes for name in os.listdir(modules + "/" + scope)]:
        for command, path in commands_of(modules, name):
            os.makedirs(modules + "/.bin", exist_ok=True)
            os.chmod(modules + "/" + name + "/" + path, 0o755)
            os.symlink("../" + name + "/" + path, modules + "/.bin/" + command)


def commands_of(modules, name):
    file = modules + "/" + name + "/package.json"
    if not os.path.isfile(file):
        return
    with open(file) as source:
        commands = json.load(source).get("bin", {})
    if isinstance(commands, str):
        commands = {name.rpartition("/")[2]: commands}
    for command, path in commands.items():
        path = os.path.normpath(path)
        is_plain = re.fullmatch("[A-Za-z0-9][A-Za-z0-9._-]*", command) and not path.startswith("..")
        if is_plain and os.path.isfile(modules + "/" + name + "/" + path):
            yield command, path
`;
