#!/usr/bin/python3
"""Says whether the browser works: it loads a page, and the door to the DevTools protocol asks for its token.

Exit code 0, or 1 and a line that says why. While somebody drives the browser no page is opened between theirs; the
browser is asked for its version.
"""

import base64
import json
import os
import socket
import sys
import time
import urllib.parse

sys.path.insert(0, "/usr/local/lib/sandbox-browser")

from failure import Failed  # noqa: E402
from settings import DRIVEN, Settings  # noqa: E402

SECONDS = 15
PAGE_TITLE = "sandbox-browser"
LONGEST_BYTES = 2**20


def main():
    try:
        settings = Settings(os.environ)
        version = json.loads(ask(("127.0.0.1", settings.cdp_port), "/json/version")[1])
        if not DRIVEN.exists():
            load_page(settings.cdp_port, version["webSocketDebuggerUrl"])
        if settings.doors is not None:
            check_door(os.path.join(settings.doors, "cdp.sock"))
    except (Failed, OSError, ValueError, LookupError) as error:
        print(f"unhealthy: {error}")
        return 1
    print(f"healthy: {version['Browser']}")
    return 0


def check_door(path):
    status, _ = ask(path, "/json/version")
    if status != 401:
        raise Failed(f"the door answers {status} to a request without a token")


def ask(place, path):
    """Gives status and body."""
    with connect(place) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        head, _, body = read_until(client, lambda data: b"\r\n\r\n" in data).partition(b"\r\n\r\n")
        lengths = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        length = int(lengths[0]) if lengths else 0
        body = read_until(client, lambda data: len(data) >= length, body)
        return int(head.split(b" ")[1]), body[:length]


def connect(place):
    client = socket.socket(socket.AF_UNIX if isinstance(place, str) else socket.AF_INET)
    client.settimeout(SECONDS)
    client.connect(place)
    return client


def read_until(client, enough, data=b""):
    while not enough(data):
        more = client.recv(65536)
        if not more or len(data) > LONGEST_BYTES:
            raise Failed("the answer broke off")
        data += more
    return data


def load_page(port, address):
    """Opens a page that nobody sees, which goes away with the connection."""
    page = f"data:text/html,<title>{PAGE_TITLE}</title>"
    with connect(("127.0.0.1", port)) as client:
        session = Session(client, urllib.parse.urlsplit(address).path)
        target = session.call("Target.createTarget", {"url": page, "hidden": True})["targetId"]
        end = time.monotonic() + SECONDS
        while True:
            info = session.call("Target.getTargetInfo", {"targetId": target})["targetInfo"]
            if info["title"] == PAGE_TITLE:
                session.call("Target.closeTarget", {"targetId": target})
                return
            if time.monotonic() > end:
                raise Failed(f"a page was not loaded within {SECONDS} seconds")
            time.sleep(0.02)


class Session:
    """As much of RFC 6455 as a few small messages need."""

    def __init__(self, client, path):
        self.client = client
        self.last_id = 0
        key = base64.b64encode(os.urandom(16)).decode()
        upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{upgrade}\r\n".encode())
        head, _, self.data = read_until(client, lambda data: b"\r\n\r\n" in data).partition(b"\r\n\r\n")
        if head.split(b" ")[1] != b"101":
            raise Failed("the browser takes no connection")

    def call(self, method, params):
        self.last_id += 1
        self.send(json.dumps({"id": self.last_id, "method": method, "params": params}).encode())
        while True:
            answer = json.loads(self.receive())
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    raise Failed(f"{method}: {answer['error'].get('message')}")
                return answer["result"]

    def send(self, payload):
        """One text frame. The mask guards against caches between, of which there are none, so it is zero."""
        length = len(payload)
        size = bytes([0x80 | length]) if length < 126 else bytes([0xFE]) + length.to_bytes(2, "big")
        self.client.sendall(b"\x81" + size + bytes(4) + payload)

    def receive(self):
        """Chromium sends a message as one frame."""
        head = self.take(2)
        length = head[1] & 0x7F
        if length > 125:
            length = int.from_bytes(self.take(2 if length == 126 else 8), "big")
        return self.take(length)

    def take(self, count):
        self.data = read_until(self.client, lambda data: len(data) >= count, self.data)
        taken, self.data = self.data[:count], self.data[count:]
        return taken


if __name__ == "__main__":
    sys.exit(main())
