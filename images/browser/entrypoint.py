#!/usr/bin/python3
"""Starts a browser for an agent, and a screen that a person may watch.

Chromium listens for the DevTools protocol on the container's loopback address only, and keeps its own sandbox: the
container has to let it make user namespaces. The screen is shared over VNC, and in a web page, only where a file with
a password is named. When one of the programs ends, all end, and the reason is said.

Variables, each also with the prefix CLAWDBOT_ or MOLTBOT_:
  OPENCLAW_BROWSER_CDP_PORT           9222
  OPENCLAW_BROWSER_HEADLESS           1: no screen
  OPENCLAW_BROWSER_VNC_PASSWORD_FILE  a file whose first line is the password, of which VNC reads eight characters
  OPENCLAW_BROWSER_VNC_PORT           5900
  OPENCLAW_BROWSER_NOVNC_PORT         6080
  OPENCLAW_BROWSER_ENABLE_NOVNC       0: no web page
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

DISPLAY = ":1"
WORK = Path("/tmp/sandbox-browser")
START_SECONDS = 30
STOP_SECONDS = 5


class Stopped(Exception):
    """A signal asked us to end."""

    def __init__(self, number):
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


class Failed(Exception):
    """The browser cannot start or go on; the message says why."""


def main():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    programs = {}
    try:
        start_all(programs)
        name, code = wait_for_one(programs)
        raise Failed(f"{name} {describe_end(code)}")
    except Stopped as stopped:
        return stopped.exit_code
    except Failed as failure:
        say(str(failure))
        return 1
    finally:
        end_all(programs)


def stop(number, _frame):
    # What follows is the clean-up, which a second signal must not interrupt.
    for other in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(number)


def start_all(programs):
    headless = setting("HEADLESS", "0") == "1"
    password_file = setting("VNC_PASSWORD_FILE", "")
    if password_file and headless:
        raise Failed("VNC_PASSWORD_FILE is set, but HEADLESS leaves no screen to share")
    cdp_port = port("CDP_PORT", 9222)
    WORK.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not headless:
        start_screen(programs)
    start(programs, "chromium", chromium(cdp_port, headless))
    await_port(programs, "chromium", cdp_port)
    say(f"DevTools protocol at 127.0.0.1:{cdp_port}")
    if password_file:
        share_screen(programs, password_file)


def start_screen(programs):
    # Xvfb makes this folder only as root.
    sockets = Path("/tmp/.X11-unix")
    sockets.mkdir(exist_ok=True)
    sockets.chmod(0o1777)
    start(programs, "Xvfb", ["Xvfb", DISPLAY, "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
    await_condition(programs, "Xvfb", (sockets / f"X{DISPLAY[1:]}").exists)


def chromium(cdp_port, headless):
    return [
        "chromium",
        f"--user-data-dir={WORK}/profile",
        "--remote-debugging-address=127.0.0.1",
        f"--remote-debugging-port={cdp_port}",
        # A container's /dev/shm is small.
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--no-first-run",
        "--no-default-browser-check",
        "--password-store=basic",
        *(["--headless=new"] if headless else ["--start-maximized"]),
        "about:blank",
    ]


def share_screen(programs, password_file):
    try:
        password = Path(password_file).read_text(encoding="utf-8").split("\n")[0]
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"cannot read VNC_PASSWORD_FILE: {error}") from error
    if not password:
        raise Failed("the first line of VNC_PASSWORD_FILE is empty")
    vnc_port = port("VNC_PORT", 5900)
    options = ["-forever", "-shared", "-norc", "-noipv6", "-quiet"]
    start(programs, "x11vnc", ["x11vnc", "-display", DISPLAY, "-rfbport", str(vnc_port), "-passwdfile", password_file, *options])
    await_port(programs, "x11vnc", vnc_port)
    say(f"VNC at port {vnc_port}")
    if setting("ENABLE_NOVNC", "1") == "1":
        web_port = port("NOVNC_PORT", 6080)
        start(programs, "websockify", ["websockify", "--web=/usr/share/novnc", str(web_port), f"127.0.0.1:{vnc_port}"])
        await_port(programs, "websockify", web_port)
        say(f"noVNC at port {web_port}")


def setting(name, default):
    for prefix in ("OPENCLAW", "CLAWDBOT", "MOLTBOT"):
        value = os.environ.get(f"{prefix}_BROWSER_{name}")
        if value is not None:
            return {"true": "1", "false": "0"}.get(value.lower(), value)
    return default


def port(name, default):
    value = setting(name, str(default))
    if not (value.isascii() and value.isdigit() and 1024 <= int(value) <= 65535):
        raise Failed(f"{name} is {value!r}, not a port from 1024 to 65535")
    return int(value)


def start(programs, name, command):
    # The image's root and home may be read-only; what programs keep goes beside the profile.
    environment = {**os.environ, "DISPLAY": DISPLAY, "HOME": str(WORK)}
    for variable in [key for key in environment if key.startswith("XDG_")]:
        del environment[variable]
    try:
        programs[name] = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise Failed(f"cannot start {name}: {error}") from error


def await_port(programs, name, number):
    def answers():
        with socket.socket() as client:
            client.settimeout(1)
            return client.connect_ex(("127.0.0.1", number)) == 0

    await_condition(programs, name, answers)


def await_condition(programs, name, condition):
    end = time.monotonic() + START_SECONDS
    while not condition():
        for other, program in programs.items():
            if program.poll() is not None:
                raise Failed(f"{other} {describe_end(program.returncode)}")
        if time.monotonic() > end:
            raise Failed(f"{name} did not answer within {START_SECONDS} seconds")
        time.sleep(0.05)


def wait_for_one(programs):
    while True:
        # As process 1 we also inherit, and reap, what others leave behind.
        pid, status = os.wait()
        for name, program in programs.items():
            if program.pid == pid:
                program.returncode = os.waitstatus_to_exitcode(status)
                return name, program.returncode


def describe_end(code):
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def end_all(programs):
    for program in reversed(programs.values()):
        if program.poll() is None:
            program.terminate()
    end = time.monotonic() + STOP_SECONDS
    for program in programs.values():
        try:
            program.wait(max(0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            program.kill()


def say(text):
    print(f"sandbox-browser: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
