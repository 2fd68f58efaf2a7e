/**
 * Python functions that fetch one file from a public host and hold it to its digest: a part of the program of a
 * download's stage. Only https without a login, by names that lead to public machines, redirects included; a proxy is
 * asked as the environment says.
 */
export const fetchFile = String.raw`
LARGEST_FILE = 2048 * MEGABYTE
LONGEST_FETCH_SECONDS = 1800
SILENCE_SECONDS = 60
CACHE = "/var/cache/downloads"
EXTRA_CERTIFICATES = "/mnt/ca.pem"
# RFC 1918 and RFC 4193
COMPANY_NETWORKS = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]


def obtain(url, file, digest):
    kept = None if digest is None or not os.path.isdir(CACHE) else CACHE + "/" + digest
    if kept is not None and is_kept(kept, "sha256", digest):
        shutil.copyfile(kept, file)
        return digest
    for wait in (1, 5, None):
        try:
            receive(url, file)
            break
        except urllib.error.HTTPError as error:
            if wait is None or error.code < 500:
                raise Unreachable("the server answers %d for %s" % (error.code, url))
        except urllib.error.URLError as error:
            # No connection came about: to the file's own host, unless that had sent us on.
            if wait is None:
                what = url if CheckedRedirects.followed else urllib.parse.urlsplit(url).hostname
                raise Unreachable("%s cannot be reached: %s" % (what, error.reason))
        except (OSError, http.client.HTTPException) as error:
            if wait is None:
                raise Unreachable("%s cannot be fetched: %s" % (url, error))
        time.sleep(wait)
    found = digest_of(file, "sha256")
    if digest is not None and found != digest:
        refuse("%s has the sha256 %s, not %s" % (url, found, digest))
    if kept is not None:
        keep_file(file, kept)
    return found


def receive(url, file):
    check_address(url)
    opener = make_opener(EXTRA_CERTIFICATES, PublicHosts, CheckedRedirects)
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
    followed = False

    def redirect_request(self, request, file, code, message, headers, url):
        CheckedRedirects.followed = True
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


class PublicHosts(Hosts):
    connection = PublicConnection


def check_machine(address, host, inside_is_fine):
    address = getattr(address, "ipv4_mapped", None) or address
    if inside_is_fine and any(address in network for network in COMPANY_NETWORKS):
        return
    if not address.is_global or address.is_multicast:
        refuse("%s is the machine %s of the network inside" % (shown(host), address))
`;
