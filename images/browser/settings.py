"""What the environment asks of the browser, checked before anything starts."""

import ipaddress
import re
from pathlib import Path

from failure import Failed

WORK = Path("/tmp/sandbox-browser")
# There while somebody drives the browser: the check of its health then opens no page between theirs.
DRIVEN = WORK / "driven"
BROWSER = Path("/browser")
X_SOCKETS = Path("/tmp/.X11-unix")
SHARED_MEMORY = Path("/dev/shm")


class Settings:
    def __init__(self, environment):
        self._environment = environment
        self.headless = self._flag("HEADLESS", "0")
        self.unsandboxed = self._flag("UNSANDBOXED", "0")
        self.novnc = self._flag("ENABLE_NOVNC", "1")
        self.cdp_port = self._port("CDP_PORT", 9222)
        self.vnc_port = self._port("VNC_PORT", 5900)
        self.novnc_port = self._port("NOVNC_PORT", 6080)
        self.password_file = self._text("VNC_PASSWORD_FILE", "")
        self.doors = environment.get("SKILLCRATE_BROWSER_DOORS") or None
        self.web = environment.get("SKILLCRATE_BROWSER_WEB") or None
        self.listen = self._address("SKILLCRATE_BROWSER_LISTEN")
        self.sources = self._networks("SKILLCRATE_BROWSER_CDP_SOURCES")
        self.hosts = self._hosts("SKILLCRATE_BROWSER_HOSTS")
        if self.password_file and self.headless:
            raise Failed("VNC_PASSWORD_FILE is set, but HEADLESS leaves no screen to share")
        mounted = BROWSER / "profile"
        self.profile = mounted if mounted.is_dir() else WORK / "profile"
        self.downloads = Path(environment.get("SKILLCRATE_BROWSER_DOWNLOADS") or BROWSER / "downloads")

    def _text(self, name, default):
        for prefix in ("OPENCLAW", "CLAWDBOT", "MOLTBOT"):
            value = self._environment.get(f"{prefix}_BROWSER_{name}")
            if value is not None:
                return value
        return default

    def _flag(self, name, default):
        return self._text(name, default).lower() in ("1", "true")

    def _port(self, name, default):
        value = self._text(name, str(default))
        # The port above it is the door's, where there is a bridge.
        if not (value.isascii() and value.isdigit() and 1 <= int(value) < 65535):
            raise Failed(f"{name} is {value!r}, not a port from 1 to 65534")
        return int(value)

    def _address(self, name):
        value = self._environment.get(name) or None
        try:
            return value and str(ipaddress.ip_address(value))
        except ValueError as error:
            raise Failed(f"{name} is {value!r}, not an address") from error

    def _networks(self, name):
        value = self._environment.get(name, "")
        try:
            return [ipaddress.ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip()]
        except ValueError as error:
            raise Failed(f"{name} is {value!r}, not networks as 192.0.2.0/24, with commas between") from error

    def _hosts(self, name):
        value = self._environment.get(name, "").lower()
        hosts = [part.strip() for part in value.split(",") if part.strip()]
        for host in hosts:
            if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", host):
                raise Failed(f"{name} has {host!r}, which is not the name of a host")
        return hosts
