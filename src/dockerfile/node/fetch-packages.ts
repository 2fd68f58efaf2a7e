import { lockFolder, settingsFolder } from "../settings-paths.ts";
import { goneMarks } from "../tell-gone.ts";
import { npmCache } from "../tree-scripts.ts";

/**
 * Python functions that fetch packages from an npm registry, as npm would: a part of the program that makes a Node tree.
 * Nothing is taken that does not have the sha512 which the registry, or the stage's lock, names for it.
 */
export const fetchPackages = `
SETTINGS = "${settingsFolder}"
LOCK = "${lockFolder}/package-lock.json"
CACHE = "${npmCache}"
PUBLIC_REGISTRY = "https://registry.npmjs.org/"
# What npm asks for too: versions without what is only for people.
SHORT_LIST = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*"
LARGEST_LIST = 64 * MEGABYTE
LARGEST_FILE = 512 * MEGABYTE
SILENCE_SECONDS = 60


class Gone(Exception):
    pass


class Registry:
    def __init__(self):
        # npm prefers its variable to a file of settings, in any case of letters.
        named = {name.lower(): value for name, value in os.environ.items()}.get("npm_config_registry")
        parts = urllib.parse.urlsplit(named or written_registry() or PUBLIC_REGISTRY)
        host = parts.netloc.rpartition("@")[2]
        self.address = urllib.parse.urlunsplit((parts.scheme, host, parts.path.rstrip("/") + "/", "", ""))
        self.origin = (parts.scheme, host)
        self.login = basic_login(parts)
        self.opener = make_opener(SETTINGS + "/ca.pem", Hosts, urllib.request.HTTPRedirectHandler)

    def open(self, address):
        request = urllib.request.Request(address, headers={"User-Agent": "skillcrate", "Accept": SHORT_LIST})
        parts = urllib.parse.urlsplit(address)
        if self.login is not None and (parts.scheme, parts.netloc) == self.origin:
            # It does not follow a redirect to another host.
            request.add_unredirected_header("Authorization", self.login)
        return self.opener.open(request, timeout=SILENCE_SECONDS)

    def place(self, tarball):
        parts = urllib.parse.urlsplit(tarball)
        if parts.netloc == urllib.parse.urlsplit(PUBLIC_REGISTRY).netloc:
            return self.address + parts.path.lstrip("/")
        return tarball


def written_registry():
    file = SETTINGS + "/npmrc"
    if not os.path.exists(file):
        return None
    with open(file) as source:
        return json.loads(source.read().partition("=")[2])


# A package is what npm would write of it into its own lock.

def find_packages(registry, wanted):
    if os.path.exists(LOCK):
        with open(LOCK) as source:
            packages = json.load(source)["packages"]
        found = {name: packages["node_modules/" + name] for name, _ in wanted}
        return {
            name: {**entry, "resolved": registry.address + entry["resolved"].partition(":/")[2]}
            for name, entry in found.items()
        }
    return {name: ask(registry, name, version) for name, version in wanted}


def ask(registry, name, version):
    def read():
        with registry.open(registry.address + name.replace("/", "%2f")) as answer:
            return json.loads(answer.read(LARGEST_LIST))["versions"]

    versions = patiently(read)
    if versions is None or version not in versions:
        refuse("the npm registry has no %s@%s" % (name, version))
    found = versions[version]
    return {
        "version": version,
        "resolved": registry.place(found["dist"]["tarball"]),
        "integrity": found["dist"].get("integrity", ""),
        **({"bin": found["bin"]} if isinstance(found.get("bin"), dict) else {}),
    }


def obtain(registry, package, file):
    digest = sha512_of(package)
    kept = CACHE + "/node-trees/" + digest
    if is_kept(kept, "sha512", digest):
        return kept
    name = urllib.parse.urlsplit(package["resolved"]).path.rpartition("/")[2]
    found = patiently(lambda: receive(registry, package["resolved"], file))
    if found is None:
        refuse_or_tell("${goneMarks.gone}" + name, "the npm registry has no file " + shown(name))
    if found != digest:
        reason = "%s is not what the npm registry says of it: %s" % (shown(name), package["integrity"])
        refuse_or_tell("${goneMarks.changed}" + package["integrity"], reason)
    if os.path.isdir(CACHE):
        keep_file(file, kept)
    return file


def refuse_or_tell(mark, reason):
    if os.path.exists(LOCK):
        raise Gone(mark)
    refuse(reason)


def receive(registry, address, file):
    with registry.open(address) as answer, open(file, "wb") as target:
        if copy_at_most(answer, target, LARGEST_FILE) == 0 or answer.length:
            raise OSError("the file did not arrive whole")
    return digest_of(file, "sha512")


# What the registry says, None where it says that it does not have it; whoever does not answer is asked again.

def patiently(read):
    for wait in (1, 5, None):
        try:
            return read()
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                return None
            reason = "it answers %d" % error.code
        except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
            reason = ascii(str(error))[:200]
        if wait is None:
            raise Unreachable("the npm registry cannot be reached: " + reason)
        time.sleep(wait)


def sha512_of(package):
    for word in package["integrity"].split():
        if word.startswith("sha512-"):
            return base64.b64decode(word[7:]).hex()
    refuse("the npm registry names no sha512 of " + shown(package["resolved"]))
`;
