"""The steps from nothing to a browser that answers at its doors."""

import asyncio
import json
import os
import re
import sys
import time
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path

import cdp_door
import screen
import web_relay
from browser_secrets import remove_secrets, take_secrets
from cdp_door import CdpDoor
from chromium import chromium_command, hold_profile, lead_downloads
from connections import listen_tcp, listen_unix, serve
from failure import Failed, say
from http_head import Refused, format_head, read_head
from screen import ScreenDoor, WebScreenDoor, read_password, start_screen
from settings import DRIVEN, WORK
from web_relay import DirectRelay, WebRelay

START_SECONDS = 30


async def start_browser(settings, programs, sandboxed):
    """Gives what has to be kept while the browser runs: servers, and the lock of its profile."""
    if settings.doors is not None:
        close_old_doors(Path(settings.doors))
    kept = [hold_profile(settings.profile)]
    lead_downloads(settings.downloads)
    relay = listen_tcp("127.0.0.1", 0)
    kept.append(await serve(relay, relay_of(settings).handle, web_relay.MOST_CONNECTIONS))
    if not settings.headless:
        await start_screen(programs)
    programs.start("chromium", chromium_command(settings, relay.getsockname()[1], sandboxed))
    if settings.doors is None:
        version = await await_answer(settings.cdp_port)
        say(f"DevTools protocol at 127.0.0.1:{settings.cdp_port}")
        if settings.password_file:
            kept.extend(await share_by_hand(settings, programs))
        return kept
    token, password = await take_secrets()
    kept.append(asyncio.ensure_future(remove_secrets()))
    version = await await_answer(settings.cdp_port)
    kept.extend(await open_doors(settings, programs, token, password))
    write_state(settings, version, sandboxed)
    return kept


def close_old_doors(folder):
    """What a container before us left there would tell that we answer."""
    try:
        for name in ("state.json", "cdp.sock", "vnc.sock", "novnc.sock"):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise Failed(f"cannot write to {folder}: {error.strerror}") from error


def relay_of(settings):
    if settings.web is not None:
        return WebRelay(settings.web)
    is_alone = settings.doors is not None and settings.listen is None
    return WebRelay(None) if is_alone else DirectRelay()


async def await_answer(port):
    """Gives Chromium's version, once it answers."""
    loop = asyncio.get_running_loop()
    end = loop.time() + START_SECONDS
    while loop.time() < end:
        with suppress(OSError, Refused, ValueError):
            return await ask_version(port)
        await asyncio.sleep(0.02)
    raise Failed(f"chromium did not answer within {START_SECONDS} seconds")


async def ask_version(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        options = [("Host", f"127.0.0.1:{port}"), ("Connection", "close")]
        writer.write(format_head("GET /json/version HTTP/1.1", options))
        head = await read_head(reader, START_SECONDS)
        length = int((head and head.only("content-length")) or 0)
        found = json.loads(await asyncio.wait_for(reader.readexactly(length), START_SECONDS))
        return found["Browser"].partition("/")[2]
    except (asyncio.IncompleteReadError, KeyError) as error:
        raise ValueError("not the answer of a browser") from error
    finally:
        writer.close()


async def share_by_hand(settings, programs):
    password = read_password(settings.password_file)
    inside = WORK / "vnc.sock"
    servers = [await serve(listen_unix(inside), ScreenDoor(programs, password).handle, screen.MOST_VIEWERS)]
    listener = listen_tcp("0.0.0.0", settings.vnc_port)
    servers.append(await serve(listener, ScreenDoor(programs, password).handle, screen.MOST_VIEWERS))
    say(f"VNC at port {settings.vnc_port}")
    if settings.novnc:
        listener = listen_tcp("0.0.0.0", settings.novnc_port)
        servers.append(await serve(listener, WebScreenDoor(programs, inside).handle, screen.MOST_WEB_CONNECTIONS))
        say(f"noVNC at port {settings.novnc_port}")
    return servers


async def open_doors(settings, programs, token, password):
    doors = Path(settings.doors)
    drivers = Drivers()

    def doors_for(sources):
        """Handlers by the name of the socket: with the number of connections, and the port on a bridge."""
        cdp = CdpDoor(token, settings.cdp_port, drivers, settings.hosts, sources)
        found = [("cdp", cdp, cdp_door.MOST_CONNECTIONS, settings.cdp_port + 1)]
        if password is not None and not settings.headless:
            vnc = ScreenDoor(programs, password, sources)
            found.append(("vnc", vnc, screen.MOST_VIEWERS, settings.vnc_port))
            if settings.novnc:
                web = WebScreenDoor(programs, doors / "vnc.sock", sources)
                found.append(("novnc", web, screen.MOST_WEB_CONNECTIONS, settings.novnc_port))
        return found

    servers = []
    for name, door, most, _ in doors_for(None):
        servers.append(await serve(listen_unix(doors / f"{name}.sock"), door.handle, most))
    if settings.listen is not None:
        for _, door, most, port in doors_for(sources_of(settings)):
            servers.append(await serve(listen_tcp(settings.listen, port), door.handle, most))
    return servers


class Drivers:
    """The clients that drive the browser: each of them is one `with`. DRIVEN is there while there are any."""

    count = 0

    def __enter__(self):
        self.note(1)

    def __exit__(self, *_error):
        self.note(-1)

    def note(self, change):
        self.count += change
        # A full disk must not end a connection: the check of the browser's health opens a page then, no more.
        with suppress(OSError):
            if self.count > 0:
                DRIVEN.touch()
            else:
                DRIVEN.unlink()


def sources_of(settings):
    """Who may connect on a bridge: the host, unless it was said otherwise."""
    if settings.sources:
        return settings.sources
    gateways = [
        *(int(found, 16).to_bytes(4, sys.byteorder) for found in find_routes("route", r"^\S+\t00000000\t([0-9A-F]{8})\t")),
        *(bytes.fromhex(found) for found in find_routes("ipv6_route", r"^0{32} 00 0{32} 00 (?!0{32})([0-9a-f]{32}) ")),
    ]
    return [ip_network(gateway) for gateway in gateways]


def find_routes(table, gateway):
    """Of the routes that lead everywhere. A kernel without IPv6 has no table of it."""
    path = Path("/proc/net") / table
    return re.findall(gateway, path.read_text(encoding="ascii"), re.MULTILINE) if path.exists() else []


def write_state(settings, version, sandboxed):
    """Renamed into place, so that whoever sees it sees all of it."""
    state = {
        "format": "skillcrate/browser-state@1",
        "headless": settings.headless,
        "chromium": version,
        "sandboxed": sandboxed,
        "startedAt": int(time.time() * 1000),
    }
    path = os.path.join(settings.doors, "state.json")
    try:
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            json.dump(state, file)
        os.rename(f"{path}.new", path)
    except OSError as error:
        raise Failed(f"cannot write {path}: {error.strerror}") from error
