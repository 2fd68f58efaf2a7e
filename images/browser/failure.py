"""Why the browser cannot start or go on, and how that is told."""

import sys

# From sysexits.h: not permitted.
NOT_PERMITTED = 77


class Failed(Exception):
    """The message is one line for a person; it never holds a secret."""

    def __init__(self, message, exit_code=1):
        super().__init__(message)
        self.exit_code = exit_code


def say(text):
    print(f"sandbox-browser: {printable(text)}", file=sys.stderr, flush=True)


def printable(text):
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
