"""The head of an HTTP message, read strictly: what two readers could read differently is refused."""

import asyncio
import re

LONGEST_HEAD = 16 * 1024
HEAD_SECONDS = 5
MOST_HEADERS = 100

REQUEST_LINE = re.compile(r"([A-Z]{3,7}) ([!-~]+) HTTP/1\.[01]")
STATUS_LINE = re.compile(r"HTTP/1\.[01] ([0-9]{3})( [ -~]*)?")
HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t -~\x80-\xff]*?)[ \t]*")


class Refused(Exception):
    """An answer for whoever asked: a status, and a line that names the rule and never what was sent."""

    def __init__(self, status, rule):
        super().__init__(rule)
        self.status = status


class Head:
    def __init__(self, first, headers):
        self.first = first
        self.headers = headers

    def values(self, name):
        return [value for key, value in self.headers if key.lower() == name]

    def only(self, name):
        """The value of a header that may be there once; None where it is not."""
        values = self.values(name)
        if len(values) > 1:
            raise Refused(400, f"only one {name} header is allowed")
        return values[0] if values else None

    def without(self, names):
        return [(key, value) for key, value in self.headers if key.lower() not in names]

    def is_upgrade(self):
        options = ",".join(self.values("connection")).lower().split(",")
        return "upgrade" in [option.strip() for option in options]


async def read_request(reader):
    """Gives method, target and head; None where the peer went away first."""
    head = await read_head(reader, HEAD_SECONDS)
    if head is None:
        return None
    found = REQUEST_LINE.fullmatch(head.first)
    if found is None:
        raise Refused(400, "the request line is not of HTTP/1.1")
    return found[1], found[2], head


async def read_head(reader, seconds):
    try:
        data = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), seconds)
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError as error:
        raise Refused(431, f"a head may have {LONGEST_HEAD} bytes") from error
    except asyncio.TimeoutError as error:
        raise Refused(408, f"a head is due within {seconds} seconds") from error
    first, *lines = data[:-4].decode("latin-1").split("\r\n")
    if len(lines) > MOST_HEADERS:
        raise Refused(431, f"a head may have {MOST_HEADERS} headers")
    found = [HEADER.fullmatch(line) for line in lines]
    if None in found:
        raise Refused(400, "a header is not a name, a colon and a value")
    return Head(first, [(match[1], match[2]) for match in found])


def format_head(first, headers):
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")


REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


def format_refusal(refused):
    body = f"{refused}\n".encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("Connection", "close")]
    return format_head(f"HTTP/1.1 {refused.status} {REASONS[refused.status]}", headers) + body
