/**
 * Python functions by which every program of ours asks hosts: a part of it. The environment names the proxy, which may
 * speak TLS itself; hosts and proxy are vouched for by the same authorities.
 */
export const makeOpener = `
def make_opener(certificates, hosts, redirects):
    context = ssl.create_default_context()
    if os.path.exists(certificates):
        context.load_verify_locations(certificates)
    opener = urllib.request.OpenerDirector()
    # Only these: what a host answers is never a way to files of the machine.
    for handler in (
        Proxies(),
        urllib.request.HTTPHandler(),
        hosts(context=context),
        redirects(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


class Proxies(urllib.request.ProxyHandler):
    def proxy_open(self, request, proxy, kind):
        # The second is on its way to its proxy already.
        if urllib.request.proxy_bypass(request.host) or request.has_proxy():
            return None
        scheme, place, login = read_proxy(proxy)
        if login is not None:
            # It does not follow a redirect to a host that needs no proxy.
            request.add_unredirected_header("Proxy-Authorization", login)
        request.tunnel_in_tls = (kind, scheme) == ("https", "https")
        request.set_proxy(place, scheme)
        # Plain http is asked of such a proxy in TLS, by the handler for that.
        return self.parent.open(request, timeout=request.timeout) if (kind, scheme) == ("http", "https") else None


def read_proxy(proxy):
    try:
        parts = urllib.parse.urlsplit(proxy if "://" in proxy else "http://" + proxy)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts.scheme, parts.netloc.rpartition("@")[2], basic_login(parts)
    except ValueError:
        pass
    # Whatever stands there may hold a password.
    raise Unreachable("the proxy has no address like http://HOST:PORT or https://HOST:PORT")


def basic_login(parts):
    words = [urllib.parse.unquote(text or "") for text in (parts.username, parts.password)]
    return "Basic " + base64.b64encode(":".join(words).encode()).decode() if any(words) else None


class Hosts(urllib.request.HTTPSHandler):
    connection = http.client.HTTPSConnection

    def https_open(self, request):
        kind = TunnelInTls if getattr(request, "tunnel_in_tls", False) else self.connection
        return self.do_open(kind, request, context=self._context)


class TunnelInTls(http.client.HTTPSConnection):
    def connect(self):
        self._create_connection = self.reach_proxy
        http.client.HTTPConnection.connect(self)
        self.sock = InnerTls(self.sock, self._context, self._tunnel_host)

    def reach_proxy(self, address, *rest):
        return self._context.wrap_socket(socket.create_connection(address, *rest), server_hostname=address[0])


# Python's own sockets put TLS around a connection of the system's alone.

class InnerTls:
    def __init__(self, outer, context, host):
        self.outer = outer
        self.coming, self.going = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.inner = context.wrap_bio(self.coming, self.going, server_hostname=host)
        self.drive(self.inner.do_handshake)

    def drive(self, step, *values):
        while True:
            try:
                result = step(*values)
                self.send_on()
                return result
            except ssl.SSLWantReadError:
                self.send_on()
            if chunk := self.outer.recv(65536):
                self.coming.write(chunk)
            else:
                self.coming.write_eof()

    def send_on(self):
        if self.going.pending:
            self.outer.sendall(self.going.read())

    def sendall(self, content):
        self.drive(self.inner.write, content)

    def makefile(self, mode):
        return io.BufferedReader(InnerReader(self))

    def close(self):
        # http.client closes its socket when an answer begins; the outer one is closed when that has been read.
        pass


class InnerReader(io.RawIOBase):
    def __init__(self, tls):
        self.tls = tls

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            return self.tls.drive(self.tls.inner.read, len(buffer), buffer)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return 0

    def close(self):
        super().close()
        self.tls.outer.close()
`;
