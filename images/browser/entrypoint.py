#!/usr/bin/python3
"""Starts a browser for an agent, and a screen that a person may watch.

Chromium listens for the DevTools protocol on the container's loopback address only, and keeps its own sandbox: the
container has to let it make user namespaces. When one of the programs ends, all end, and the reason is said; nothing is
started a second time. Exit codes: 77 where Chromium cannot make its sandbox, 128 and a signal's number after a signal,
else 1.

By hand, on a network of its own, the DevTools protocol stays inside, and the screen is shared over VNC, and in a web
page, only where a file with a password is named. Variables, each also with the prefix CLAWDBOT_ or MOLTBOT_:
  OPENCLAW_BROWSER_CDP_PORT           9222
  OPENCLAW_BROWSER_HEADLESS           1: no screen
  OPENCLAW_BROWSER_VNC_PASSWORD_FILE  a file whose first line is the password, of which VNC reads eight characters
  OPENCLAW_BROWSER_VNC_PORT           5900
  OPENCLAW_BROWSER_NOVNC_PORT         6080
  OPENCLAW_BROWSER_ENABLE_NOVNC       0: no web page
  OPENCLAW_BROWSER_UNSANDBOXED        1: go on where the host or the container's seccomp profile leaves Chromium without
                                      its own sandbox; where it can have one, it does

As Skillcrate starts it:
  SKILLCRATE_BROWSER_DOORS        folder for the sockets cdp.sock, vnc.sock and novnc.sock; state.json there says that all
                                  answer. Token and password come as /browser/secrets/secrets.json within 30 seconds
  SKILLCRATE_BROWSER_WEB          socket of a proxy; without it, and without the next, pages reach nothing
  SKILLCRATE_BROWSER_LISTEN       address on a bridge to listen at too: the DevTools protocol at the port after CDP_PORT
  SKILLCRATE_BROWSER_DOWNLOADS    folder for downloads, /browser/downloads without it
  SKILLCRATE_BROWSER_CDP_SOURCES  networks that may connect there, with commas; without it the bridge's gateway
  SKILLCRATE_BROWSER_HOSTS        names besides localhost that clients may use in Host, with commas
"""

import asyncio
import os
import signal
import sys

# In the image; beside this file in the sources.
sys.path.insert(0, "/usr/local/lib/sandbox-browser")

from browser import start_browser  # noqa: E402
from confinement import check_confinement, hide_memory  # noqa: E402
from failure import Failed, say  # noqa: E402
from programs import Programs, describe_end, show_last_lines  # noqa: E402
from settings import WORK, Settings  # noqa: E402


def main():
    os.umask(0o077)
    try:
        settings = Settings(os.environ)
        WORK.mkdir(mode=0o700, parents=True, exist_ok=True)
        sandboxed = check_confinement(settings.unsandboxed)
        hide_memory()
        return asyncio.run(supervise(settings, sandboxed))
    except Failed as failure:
        say(str(failure))
        return failure.exit_code
    except OSError as error:
        say(str(error))
        return 1


async def supervise(settings, sandboxed):
    stopped = asyncio.get_running_loop().create_future()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, settle, stopped, number)
    programs = Programs()
    ends = {programs.ended, stopped}
    browser = asyncio.ensure_future(start_browser(settings, programs, sandboxed))
    try:
        await asyncio.wait({browser, *ends}, return_when=asyncio.FIRST_COMPLETED)
        if browser.done() and not programs.ended.done():
            browser.result()
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if stopped.done():
            return 128 + stopped.result()
        show_last_lines([programs.ended.result()])
        raise Failed(describe_end(programs.ended.result()))
    finally:
        if not browser.done() or browser.exception() is not None:
            show_last_lines(programs.running.values())
        browser.cancel()
        await programs.end_all()


def settle(future, value):
    # What follows is the clean-up, which a second signal must not interrupt.
    if not future.done():
        future.set_result(value)


if __name__ == "__main__":
    sys.exit(main())
