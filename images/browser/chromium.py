"""Chromium: its profile, its memory, and how it is started."""

import fcntl
import os

from failure import Failed, say
from settings import SHARED_MEMORY, WORK

# Not Debian's launcher, which adds flags, and takes as long as our own start.
CHROMIUM = "/usr/lib/chromium/chromium"
SCREEN_SIZE = "1280,800"
# With less Chromium's tabs crash on large pages.
LEAST_SHARED_BYTES = 128 * 2**20
# What a new profile takes on disk.
LEAST_DISK_BYTES = 4 * 2**20


def hold_profile(folder):
    """Makes the profile ours until we end, and gives what keeps it so. A crashed Chromium's locks go away."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / ".sandbox-browser.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.posix_fallocate(lock, 0, LEAST_DISK_BYTES)
        os.ftruncate(lock, 0)
    except BlockingIOError as error:
        raise Failed(f"another browser uses the profile {folder}") from error
    except OSError as error:
        raise Failed(f"cannot write to the profile {folder}: {error.strerror}") from error
    # Whoever made them is dead: it held the lock that we hold.
    for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
        if os.path.lexists(folder / name):
            (folder / name).unlink()
            say(f"removed {name}, which a browser left behind that did not end well")
    return lock


def lead_downloads(folder):
    """Chromium asks the desktop's settings where downloads go."""
    if not folder.is_dir():
        return
    (WORK / ".config").mkdir(mode=0o700, exist_ok=True)
    (WORK / ".config" / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{folder}"\n', encoding="utf-8")


def chromium_command(settings, relay_port, sandboxed):
    return [
        CHROMIUM,
        f"--user-data-dir={settings.profile}",
        "--remote-debugging-address=127.0.0.1",
        f"--remote-debugging-port={settings.cdp_port}",
        # Loopback included, which is else never asked of a proxy: a page must not reach the DevTools protocol.
        f"--proxy-server=http://127.0.0.1:{relay_port}",
        "--proxy-bypass-list=<-loopback>",
        "--disable-quic",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-breakpad",
        "--disable-component-update",
        "--disable-sync",
        "--hide-crash-restore-bubble",
        "--no-default-browser-check",
        "--no-first-run",
        "--password-store=basic",
        f"--window-size={SCREEN_SIZE}",
        "--window-position=0,0",
        *memory_flags(),
        *(["--headless=new"] if settings.headless else []),
        *([] if sandboxed else ["--no-sandbox"]),
        "about:blank",
    ]


def memory_flags():
    try:
        found = os.statvfs(SHARED_MEMORY)
        free = found.f_bavail * found.f_frsize
    except FileNotFoundError:
        free = 0
    if free >= LEAST_SHARED_BYTES:
        return []
    say(f"{SHARED_MEMORY} has {free // 2**20} MiB free of the {LEAST_SHARED_BYTES // 2**20} that pages need: taking /tmp")
    return ["--disable-dev-shm-usage"]
