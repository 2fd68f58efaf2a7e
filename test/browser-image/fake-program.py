#!/usr/bin/python3
"""Stands in for each program of the browser's image: says its name, writes down what it was given, and answers."""

import json
import os
import re
import signal
import socket
import sys
import threading
import time

name = os.path.basename(sys.argv[0])
folder = os.environ["FAKE_FOLDER"]
parent = os.getppid()


def leave(number, _frame):
    note("stopped", signal.Signals(number).name)
    os._exit(0)


def note(what, text=""):
    with open(f"{folder}/{name}.{what}", "a", encoding="utf-8") as file:
        file.write(text)


def devtools(port):
    server = socket.create_server(("127.0.0.1", port))
    while True:
        client, _ = server.accept()
        threading.Thread(target=answer, args=(client, port), daemon=True).start()


def answer(client, port):
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(65536)
        if not more:
            return
        data += more
    head, _, rest = data.partition(b"\r\n\r\n")
    note("requests", head.decode("latin-1") + "\n\n")
    path = head.split(b" ")[1].decode()
    if b"upgrade: websocket" in head.lower():
        client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        return echo(client, rest)
    here = f"127.0.0.1:{port}"
    entry = {
        "Browser": "Chrome/1.2.3.4",
        "title": f"see {here}",
        "devtoolsFrontendUrl": f"https://frontend.test/inspector.html?ws={here}/devtools/page/A",
        "webSocketDebuggerUrl": f"ws://{here}/devtools/page/A",
    }
    body = b"Target activated" if "activate" in path else json.dumps([entry] if "list" in path else entry).encode()
    if path.startswith("/devtools/"):
        body = bytes(3_000_000)
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def echo(client, data):
    """What begins with a number in brackets is answered by so many bytes."""
    data = data or client.recv(65536)
    while data:
        wanted = re.match(rb"\[(\d+)\]", data)
        client.sendall(bytes(int(wanted[1])) if wanted else data)
        data = client.recv(65536)
    client.close()


signal.signal(signal.SIGTERM, leave)
note("args", "\n".join(sys.argv[1:]))
note("env", "\n".join(sorted(os.environ)))
print("a line of", name, flush=True)
if os.path.exists(f"{folder}/{name}.dies"):
    print("and its last words\x1b[31m", file=sys.stderr, flush=True)
    sys.exit(3)
if name == "Xvfb":
    open(f"{os.environ['X_SOCKETS']}/X1", "w", encoding="utf-8").close()
if name == "x11vnc":
    password = open(sys.argv[sys.argv.index("-passwdfile") + 1], encoding="utf-8").read()
    note("password", password)
    viewer = socket.socket(fileno=0)
    viewer.sendall(b"RFB 003.008\n")
    viewer.recv(1)
    sys.exit(0)
if name == "websockify":
    note("inherits", str(socket.socket(fileno=os.dup(0)).getsockname()[0]))
found = re.search(r"remote-debugging-port=(\d+)", "\n".join(sys.argv))
if found:
    threading.Thread(target=devtools, args=(int(found[1]),), daemon=True).start()
note("started")
# Whoever started it may be killed.
while os.getppid() == parent:
    if os.path.exists(f"{folder}/{name}.ends"):
        sys.exit(5)
    time.sleep(0.02)
