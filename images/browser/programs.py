"""The programs of a browser: started, listened to, and ended together."""

import asyncio
import os
import signal
import subprocess
from collections import deque

from failure import Failed, say
from settings import WORK

STOP_SECONDS = 5
LONGEST_LINE = 500


class Program:
    def __init__(self, name, process, output):
        self.name = name
        self.process = process
        self.output = output
        self.lines = deque(maxlen=15)
        self.rest = b""
        # What to do at its end, where that is not the end of all.
        self.on_end = None
        self.gone = asyncio.Event()

    def listen(self):
        """Keeps the last lines of what it writes; what is written while nothing can be read waits in the pipe."""
        try:
            data = os.read(self.output, 65536)
        except BlockingIOError:
            return False
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.lines.extend(line[:LONGEST_LINE] for line in lines if line.strip())
        self.rest = self.rest[:LONGEST_LINE]
        return data != b""

    def signal(self, number):
        # Not Popen's own way, which may take the end from `reap`; until that has seen it the number is nobody else's.
        if self.process.returncode is None:
            os.kill(self.process.pid, number)

    def last_lines(self):
        return [line.decode(errors="replace") for line in [*self.lines, self.rest] if line.strip()]


class Programs:
    """Programs by name. `ended` is settled with the first that ends and was not to."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.ended = self.loop.create_future()
        self.running = {}
        self.loop.add_signal_handler(signal.SIGCHLD, self.reap)

    def start(self, name, command, on_end=None, stdin=subprocess.DEVNULL, pass_fds=()):
        output, written = os.pipe()
        os.set_blocking(output, False)
        try:
            process = subprocess.Popen(
                command,
                env=environment(),
                cwd=WORK,
                stdin=stdin,
                stdout=written,
                stderr=written,
                pass_fds=pass_fds,
            )
        except OSError as error:
            os.close(output)
            raise Failed(f"cannot start {name}: {error.strerror}: {error.filename}") from error
        finally:
            os.close(written)
        program = Program(name, process, output)
        program.on_end = on_end
        self.running[process.pid] = program
        self.loop.add_reader(output, self.listen, program)
        return program

    def listen(self, program):
        if not program.listen():
            self.loop.remove_reader(program.output)

    def reap(self):
        """As process 1 we also inherit, and reap, what others leave behind."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            program = self.running.pop(pid, None)
            if program is not None:
                self.note_end(program, os.waitstatus_to_exitcode(status))

    def note_end(self, program, code):
        program.process.returncode = code
        self.loop.remove_reader(program.output)
        while program.listen():
            pass
        os.close(program.output)
        program.gone.set()
        if program.on_end is not None:
            program.on_end(program)
        elif not self.ended.done():
            self.ended.set_result(program)

    async def end(self, programs):
        """All that is left after a while is killed."""
        for program in programs:
            program.signal(signal.SIGTERM)
        waits = [asyncio.ensure_future(program.gone.wait()) for program in programs]
        if waits:
            await asyncio.wait(waits, timeout=STOP_SECONDS)
        for program in programs:
            program.signal(signal.SIGKILL)

    async def end_all(self):
        # What was started last goes first: a browser whose screen goes first would tell of that.
        for program in reversed(list(self.running.values())):
            await self.end([program])


def environment():
    """The image's root and home may be read-only; what programs keep goes beside the profile."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return {**kept, "DISPLAY": DISPLAY, "HOME": str(WORK)}


DISPLAY = ":1"


def describe_end(program):
    code = program.process.returncode
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    return f"{program.name} {how}"


def show_last_lines(programs):
    for program in programs:
        for line in program.last_lines():
            say(f"{program.name}: {line}")


async def until(condition, what, seconds):
    """Waits for a condition; a clock that somebody sets does not matter."""
    end = asyncio.get_running_loop().time() + seconds
    while not condition():
        if asyncio.get_running_loop().time() > end:
            raise Failed(f"{what} within {seconds} seconds")
        await asyncio.sleep(0.02)
