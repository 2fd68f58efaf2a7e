"""The secrets of the doors: a file in memory, written once the container runs, read once, and removed."""

import asyncio
import json
import re

from failure import Failed
from programs import until
from settings import BROWSER

WAIT_SECONDS = 30
LONGEST_BYTES = 4096
PATH = BROWSER / "secrets" / "secrets.json"


async def take_secrets():
    """Gives token and password; None for no password. A page must not find them: it can open the browser's files."""
    await until(PATH.exists, f"{PATH} was not written", WAIT_SECONDS)
    try:
        with PATH.open("rb") as file:
            data = file.read(LONGEST_BYTES)
        PATH.unlink()
        found = json.loads(data)
    except OSError as error:
        raise Failed(f"cannot take {PATH}: {error.strerror}") from error
    except ValueError:
        # Without its cause, which would quote what is in the file.
        raise Failed(f"{PATH} is not JSON") from None
    token = found.get("cdpToken") if isinstance(found, dict) else None
    if not (isinstance(token, str) and re.fullmatch(r"[A-Za-z0-9_-]{32,128}", token)):
        raise Failed(f"cdpToken in {PATH} is not 32 to 128 letters, digits, - and _")
    password = found.get("vncPassword")
    if not (password is None or isinstance(password, str) and re.fullmatch(r"[!-~]{6,8}", password)):
        raise Failed(f"vncPassword in {PATH} is not 6 to 8 printable characters")
    return token, password


async def remove_secrets():
    """Whoever writes them a second time cannot see that they were taken, and must not leave them to pages either."""
    while True:
        await asyncio.sleep(1)
        PATH.unlink(missing_ok=True)
