"""
The screen of a browser, and the ways to watch it.

x11vnc and websockify together take a tenth of the browser's memory, so they run while somebody watches: each viewer has
an x11vnc of its own, that has the viewer's connection as its standard input, and all share a websockify.
"""

import asyncio
import os
import signal
import socket

from cdp_door import check_source
from connections import close, join
from failure import Failed, say
from programs import DISPLAY, describe_end, show_last_lines, until
from settings import X_SOCKETS

START_SECONDS = 30
MOST_VIEWERS = 8
# noVNC is some hundred small files, which a page asks for one by one.
MOST_WEB_CONNECTIONS = 64
LINGER_SECONDS = 30
NOVNC_FILES = "/usr/share/novnc"


async def start_screen(programs):
    # Xvfb makes this folder only as root.
    X_SOCKETS.mkdir(exist_ok=True)
    X_SOCKETS.chmod(0o1777)
    programs.start("Xvfb", ["Xvfb", DISPLAY, "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
    await until((X_SOCKETS / f"X{DISPLAY[1:]}").exists, "Xvfb did not answer", START_SECONDS)


class ScreenDoor:
    """VNC for whoever has the password, which goes through a pipe that is read once."""

    def __init__(self, programs, password, sources=None):
        self.programs = programs
        self.password = password
        self.sources = sources

    async def handle(self, reader, writer):
        check_source(self.sources, writer)
        # Duplicated, since the transport keeps its own, which must not read.
        writer.transport.pause_reading()
        connection = socket.socket(fileno=os.dup(writer.get_extra_info("socket").fileno()))
        ended = asyncio.Event()
        with connection:
            program = self.share(connection, lambda _program: ended.set())
        try:
            await ended.wait()
        finally:
            await self.programs.end([program])
        if program.process.returncode not in (0, 2):
            say(f"a viewer is gone: {describe_end(program)}")
            show_last_lines([program])

    def share(self, connection, on_end):
        reader, written = os.pipe()
        try:
            os.write(written, f"{self.password}\n".encode())
            os.close(written)
            # The program takes a file's name.
            options = ["-inetd", "-passwdfile", f"/proc/self/fd/{reader}", "-norc", "-quiet", "-shared", "-nosel"]
            command = ["x11vnc", "-display", DISPLAY, *options]
            return self.programs.start("x11vnc", command, on_end, stdin=connection, pass_fds=(reader,))
        finally:
            os.close(reader)


class WebScreenDoor:
    """noVNC's files, and VNC over a WebSocket, from a websockify that starts with the first connection."""

    def __init__(self, programs, vnc_path, sources=None):
        self.programs = programs
        self.vnc_path = vnc_path
        self.sources = sources
        self.count = 0
        self.program = None
        self.is_resting = False
        self.timer = None
        # Pages cannot connect to it: they have no way to this address.
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    async def handle(self, reader, writer):
        check_source(self.sources, writer)
        self.count += 1
        if self.timer is not None:
            self.timer.cancel()
        try:
            self.wake()
            inside = await asyncio.open_connection(*self.listener.getsockname()[:2])
            try:
                await join((reader, writer), inside)
            finally:
                await close(inside[1])
        finally:
            self.count -= 1
            if self.count == 0:
                self.timer = asyncio.get_running_loop().call_later(LINGER_SECONDS, self.rest)

    def wake(self):
        if self.program is not None:
            return
        # It is handed the socket that listens, so that nobody has to wait until it does.
        options = ["--inetd", f"--web={NOVNC_FILES}", f"--unix-target={self.vnc_path}"]
        self.program = self.programs.start("websockify", ["websockify", *options], self.slept, stdin=self.listener)

    def rest(self):
        if self.count == 0 and self.program is not None:
            self.is_resting = True
            self.program.signal(signal.SIGTERM)

    def slept(self, program):
        was_asked, self.program, self.is_resting = self.is_resting, None, False
        if not was_asked and not self.programs.ended.done():
            self.programs.ended.set_result(program)
        elif self.count > 0 and not self.programs.ended.done():
            # Somebody came while it went; where that fails, the next one wakes it.
            try:
                self.wake()
            except Failed as failure:
                say(str(failure))


def read_password(path):
    try:
        with open(path, encoding="utf-8") as file:
            password = file.readline(1024).rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"cannot read VNC_PASSWORD_FILE: {error}") from error
    if not password:
        raise Failed("the first line of VNC_PASSWORD_FILE is empty")
    return password
