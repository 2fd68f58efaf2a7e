"""Whether Chromium can confine its processes here. It needs namespaces that any user can make."""

import ctypes
import os

from failure import NOT_PERMITTED, Failed, say

CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
PR_SET_DUMPABLE = 4


def check_confinement(unsandboxed):
    """Gives whether Chromium keeps its own sandbox: false only where it cannot, and the setting says to go on."""
    obstacle = find_obstacle()
    if obstacle is None:
        return True
    reason = f"Chromium cannot make its own sandbox here, since the container may not use {obstacle}"
    if unsandboxed:
        say(f"{reason}; OPENCLAW_BROWSER_UNSANDBOXED=1 lets it run without")
        return False
    hint = "allow clone, unshare and chroot in the seccomp profile and user namespaces on the host"
    raise Failed(f"{reason}: {hint}, or set OPENCLAW_BROWSER_UNSANDBOXED=1 to run without it", NOT_PERMITTED)


def find_obstacle():
    """Does what Chromium will do, in a process that ends then."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, try_all().encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, encoding="utf-8") as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text or None


def try_all():
    libc = ctypes.CDLL(None, use_errno=True)
    steps = [
        ("user namespaces (unshare)", lambda: libc.unshare(CLONE_NEWUSER)),
        ("process namespaces (unshare)", lambda: libc.unshare(CLONE_NEWPID)),
        ("chroot", lambda: libc.chroot(b"/proc/self/fdinfo")),
    ]
    for name, step in steps:
        if step() != 0:
            return f"{name}: {os.strerror(ctypes.get_errno())}"
    return ""


def hide_memory():
    """Secrets are in this process's memory, and the browser has the same user."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
