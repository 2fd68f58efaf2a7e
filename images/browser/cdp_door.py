"""
The door to the DevTools protocol: a token, the names it may be called by, and no web pages.

The token comes as `Authorization: Bearer TOKEN`, as `X-Browser-Token: TOKEN`, or in front of the path,
`/TOKEN/json/version`, for clients that take an address only. Chromium sees none of these, and a connection carries one request.
"""

import asyncio
import ipaddress
import json
import re
from hmac import compare_digest

from connections import CHUNK, close, join
from http_head import LONGEST_HEAD, Refused, format_head, read_head, read_request

MOST_CONNECTIONS = 64
ANSWER_SECONDS = 30
# Lists of tabs hold their addresses, and those can be long.
LONGEST_LIST = 32 * 2**20
OWN_HOSTS = ("localhost", "127.0.0.1", "[::1]")
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::[0-9]{1,5})?")
# Chromium is told none of this; a body has no meaning to it.
DROPPED = ("authorization", "x-browser-token", "host", "connection", "keep-alive", "cookie", "origin", "content-length")
ADDRESSES = ("webSocketDebuggerUrl", "devtoolsFrontendUrl")


class CdpDoor:
    """`drivers` counts the clients that drive the browser at the moment."""

    def __init__(self, token, port, drivers, hosts=(), sources=None):
        self.token = token
        self.inside = f"127.0.0.1:{port}"
        self.port = port
        self.hosts = (*OWN_HOSTS, *hosts)
        self.sources = sources
        self.drivers = drivers

    async def handle(self, reader, writer):
        check_source(self.sources, writer)
        request = await read_request(reader)
        if request is None:
            return
        method, target, head = request
        host = self.check(method, target, head)
        target, prefix = self.admit(target, head)
        inside = await self.ask(method, target, head)
        try:
            if head.is_upgrade():
                with self.drivers:
                    await join((reader, writer), inside)
            else:
                await self.answer(writer, inside[0], f"{host}{prefix}", target)
        finally:
            await close(inside[1])

    def check(self, method, target, head):
        """Gives the name that the door was called by. These rules come before the token: a page learns nothing of it."""
        host = head.only("host")
        found = host and HOST.fullmatch(host)
        if not found or found[1].lower() not in self.hosts:
            raise Refused(403, "the Host header must name localhost, 127.0.0.1, [::1] or an allowed host")
        if head.values("origin"):
            raise Refused(403, "web pages may not connect: an Origin header is refused")
        if method not in ("GET", "PUT") or not target.startswith("/"):
            raise Refused(400, "only GET and PUT of a path are allowed")
        if head.values("transfer-encoding") or head.only("content-length") not in (None, "0"):
            raise Refused(400, "a request may not have a body")
        return host

    def admit(self, target, head):
        """Gives the path without the token, and what stood before it."""
        bearer = re.fullmatch(r"(?i:bearer) +(\S+)", head.only("authorization") or "")
        _, first, *rest = target.split("/", 2)
        in_path = self.is_token(first)
        if in_path:
            return f"/{''.join(rest)}", f"/{first}"
        in_header = [self.is_token(given) for given in (bearer and bearer[1], head.only("x-browser-token"))]
        if not any(in_header):
            raise Refused(401, "a token is needed: Authorization: Bearer, X-Browser-Token, or the first part of the path")
        return target, ""

    def is_token(self, given):
        # Takes the same time for every text of the token's length.
        return compare_digest((given or "").encode("latin-1"), self.token.encode())

    async def ask(self, method, target, head):
        try:
            inside = await asyncio.open_connection("127.0.0.1", self.port, limit=LONGEST_HEAD)
        except OSError as error:
            raise Refused(502, "the browser does not answer") from error
        options = [("Host", self.inside), ("Connection", "Upgrade" if head.is_upgrade() else "close")]
        inside[1].write(format_head(f"{method} {target} HTTP/1.1", [*options, *head.without(DROPPED)]))
        return inside

    async def answer(self, writer, reader, here, target):
        head = await read_head(reader, ANSWER_SECONDS)
        if head is None:
            raise Refused(502, "the browser broke off")
        length = int(head.only("content-length") or 0)
        if target.startswith("/json"):
            body = self.readdress(await self.read_list(reader, length), here)
            writer.write(answer_head(head, len(body)) + body)
        else:
            writer.write(answer_head(head, length))
            await carry_exactly(reader, writer, length)
        await writer.drain()

    async def read_list(self, reader, length):
        if length > LONGEST_LIST:
            raise Refused(502, "the browser's list is too long")
        try:
            return await asyncio.wait_for(reader.readexactly(length), ANSWER_SECONDS)
        except (asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
            raise Refused(502, "the browser broke off") from error

    def readdress(self, body, here):
        """The addresses in an answer of Chromium's, as whoever asked can use them."""
        try:
            found = json.loads(body)
        except ValueError:
            # Some answers are a sentence.
            return body
        for entry in found if isinstance(found, list) else [found]:
            for name in ADDRESSES:
                if isinstance(entry, dict) and isinstance(entry.get(name), str):
                    entry[name] = entry[name].replace(self.inside, here, 1)
        return json.dumps(found, indent=3).encode()


def check_source(sources, writer):
    """None: a socket in a folder, which only our own user can open."""
    if sources is None:
        return
    peer = ipaddress.ip_address(writer.get_extra_info("peername")[0].split("%")[0])
    peer = getattr(peer, "ipv4_mapped", None) or peer
    if not any(peer in network for network in sources):
        raise Refused(403, "this address may not connect: it is not in cdpSourceRange")


def answer_head(head, length):
    headers = head.without(("content-length", "connection", "keep-alive", "transfer-encoding"))
    return format_head(head.first, [*headers, ("Content-Length", str(length)), ("Connection", "close")])


async def carry_exactly(reader, writer, length):
    while length > 0:
        data = await reader.read(min(CHUNK, length))
        if not data:
            return
        writer.write(data)
        await writer.drain()
        length -= len(data)
