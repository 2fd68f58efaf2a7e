"""Connections: accepted up to a number, joined, and closed."""

import asyncio
import os
import socket
from contextlib import suppress

from failure import Failed, say
from http_head import LONGEST_HEAD, Refused, format_refusal

CHUNK = 65536
CLOSE_SECONDS = 5
LINGER_SECONDS = 1


async def serve(listener, handle, most):
    """
    Calls `handle(reader, writer)` for each connection, `most` at once. What it raises as `Refused` is answered. Gives a
    server that keeps listening while it is referred to.
    """
    count = 0

    async def accept(reader, writer):
        nonlocal count
        count += 1
        try:
            try:
                if count > most:
                    raise Refused(503, f"only {most} connections at once are allowed")
                await handle(reader, writer)
            except Refused as refused:
                await refuse(reader, writer, refused)
        except Failed as failure:
            # A program that this connection needs cannot be started now: the others go on.
            say(str(failure))
        except OSError:
            # The peer, or what it was joined with, went away: there is nobody to tell.
            pass
        finally:
            count -= 1
            await close(writer)

    return await asyncio.start_server(accept, sock=listener, limit=LONGEST_HEAD)


async def refuse(reader, writer, refused):
    """What was not read is waited for a little: a connection that is closed before takes the answer back."""
    writer.write(format_refusal(refused))
    writer.write_eof()
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(discard(reader), LINGER_SECONDS)


async def discard(reader):
    while await reader.read(CHUNK):
        pass


def listen_unix(path):
    """Only our own user can connect."""
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(path))
        os.chmod(path, 0o600)
        listener.listen(128)
    except OSError as error:
        raise Failed(f"cannot listen at {path}: {error.strerror}") from error
    return listener


def listen_tcp(address, port):
    try:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return socket.create_server((address, port), family=family, backlog=128)
    except OSError as error:
        raise Failed(f"cannot listen at {address} port {port}: {error.strerror}") from error


async def join(left, right):
    """Carries bytes both ways between two (reader, writer) until both have ended, and never more than fit on the way."""
    await asyncio.gather(carry(left[0], right[1]), carry(right[0], left[1]))


async def carry(reader, writer):
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        # One end is gone; closing the other ends the way back too.
        writer.transport.abort()


async def close(writer):
    writer.close()
    try:
        await asyncio.wait_for(writer.wait_closed(), CLOSE_SECONDS)
    except (OSError, asyncio.TimeoutError):
        # It was closed by the peer already, or the peer does not read what was left to say.
        writer.transport.abort()
