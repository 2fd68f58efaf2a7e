"""
The one way from a page to the web. Pages get no other: not to the browser's own loopback address, where the DevTools
protocol is.

`WebRelay(socket)` carries all to a proxy on the host, through a socket in a folder. `WebRelay(None)` has no way out.
`DirectRelay()` is for a container on a bridge: it connects by itself, and refuses what is the container's own.
"""

import asyncio
import ipaddress
import re
import socket

from connections import close, join
from http_head import LONGEST_HEAD, Refused, format_head, read_request

MOST_CONNECTIONS = 256
CONNECT_SECONDS = 30
PLACE = re.compile(r"(?:(http)://)?(?:[^/@]*@)?(\[[0-9A-Fa-f:.]+\]|[^/:\[\]?#]+)(?::([0-9]{1,5}))?([/?][^#]*)?")
HOP_HEADERS = ("connection", "proxy-connection", "keep-alive", "proxy-authorization", "upgrade")


class WebRelay:
    def __init__(self, path):
        self.path = path

    async def handle(self, reader, writer):
        if self.path is None:
            await read_request(reader)
            raise Refused(502, "this browser has no network")
        try:
            outside = await asyncio.open_unix_connection(self.path, limit=LONGEST_HEAD)
        except OSError as error:
            await read_request(reader)
            raise Refused(502, "the web's proxy on the host does not answer") from error
        try:
            await join((reader, writer), outside)
        finally:
            await close(outside[1])


class DirectRelay:
    async def handle(self, reader, writer):
        request = await read_request(reader)
        if request is None:
            return
        method, target, head = request
        scheme, host, port, path = parse_place(method, target)
        outside = await connect(host, port)
        try:
            if scheme is None:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                # One request a connection: the next one might be for somebody else.
                upgrade = [("Connection", "Upgrade"), ("Upgrade", head.only("upgrade") or "")]
                options = upgrade if head.is_upgrade() else [("Connection", "close")]
                headers = [*head.without(HOP_HEADERS), *options]
                outside[1].write(format_head(f"{method} {path} HTTP/1.1", headers))
            await join((reader, writer), outside)
        finally:
            await close(outside[1])


def parse_place(method, target):
    """Scheme (None for a tunnel), host, port and path of what a proxy is asked for."""
    found = PLACE.fullmatch(target)
    if found is None or (found[1] is None) != (method == "CONNECT") or int(found[3] or 80) > 65535:
        raise Refused(400, "only http addresses and CONNECT are allowed")
    scheme, host, port, path = found.groups()
    path = path or "/"
    return scheme, host.strip("[]"), int(port or 80), path if path.startswith("/") else f"/{path}"


async def connect(host, port):
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(502, "this name leads nowhere") from error
    places = [place[4][0] for place in found]
    if any(is_own(place) for place in places):
        raise Refused(403, "addresses of the browser's own container are refused")
    for place in places:
        try:
            opened = asyncio.open_connection(place, port, limit=LONGEST_HEAD)
            outside = await asyncio.wait_for(opened, CONNECT_SECONDS)
        except (OSError, asyncio.TimeoutError):
            # The next address of the name may answer.
            continue
        # An address of the container's own network card: both ends are there.
        if outside[1].get_extra_info("peername")[0] == outside[1].get_extra_info("sockname")[0]:
            await close(outside[1])
            raise Refused(403, "addresses of the browser's own container are refused")
        return outside
    raise Refused(502, "nobody answers there")


def is_own(text):
    address = ipaddress.ip_address(text.split("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified or address.is_link_local or address.is_multicast
