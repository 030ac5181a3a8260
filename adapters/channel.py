"""One running worker: its process, its pipes, and the limits under which it is listened to.

Limits count per message. CPU time is that of the whole process tree; wall time is only a generous
cap behind it, for what sleeps; memory is the resident size of the tree, watched and not imposed,
because JAX and CUDA reserve address space hugely. POSIX only: it uses process groups and selects
on pipes.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import psutil

from .protocol import one_line

TICK_SECONDS = 0.1
"""How often the limits are looked at while an answer is awaited."""

MAX_LINE = 1 << 29
"""Bytes of the longest line that is read as an answer."""

MAX_STDERR = 1 << 26
"""Bytes of stderr that are kept on disk."""


@dataclass(frozen=True)
class Limits:
    """What one case may use, and how long the implementation may take to start."""

    cpu_seconds: float = 30.0
    wall_seconds: float = 90.0
    memory_bytes: int = 8 << 30
    start_seconds: float = 300.0


class Loss(Exception):
    """The worker gave no answer; ``detail`` is one line."""

    def __init__(self, how: Literal["crash", "timeout"], detail: str) -> None:
        super().__init__(detail)
        self.how = how
        self.detail = detail


class Channel:
    """A started worker process; after a Loss it is of no use any more and must be killed."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        # Append mode: the file can be emptied here while the worker keeps writing to it.
        self._stderr = tempfile.TemporaryFile("a+b")  # noqa: SIM115  (closed by kill)
        self._case_starts = 0
        self._received = bytearray()
        self._idle = True
        try:
            self.process = self._spawn(command, environment)
        except OSError:
            self._stderr.close()
            raise
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._in, self._out = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)

    def _spawn(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """The worker, in a process group of its own."""
        return subprocess.Popen(  # noqa: S603  (the command is what the user asked for)
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            env=dict(environment),
            bufsize=0,
            start_new_session=True,
        )

    def exchange(self, line: bytes, limits: Limits) -> bytes:
        """Send one line and return the line that answers it; raises Loss if there is none."""
        if self._received:
            unasked = one_line(repr(bytes(self._received[:80])))
            raise Loss("crash", f"wrote without being asked: {unasked}")
        self._idle = False
        self._case_starts = os.fstat(self._stderr.fileno()).st_size
        meter = Meter(self.process.pid, limits)
        unsent = memoryview(line + b"\n")
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            selector.register(self._in, selectors.EVENT_WRITE)
            end, looked = -1, time.monotonic()
            while end < 0:
                for key, _ in selector.select(TICK_SECONDS):
                    if key.fd == self._out:
                        end = self._receive()
                    else:
                        unsent = self._send(unsent)
                        if not unsent:
                            selector.unregister(self._in)
                if end < 0 and time.monotonic() - looked >= TICK_SECONDS:
                    end = self._look(meter)
                    looked = time.monotonic()
        if unsent:
            raise Loss("crash", "answered before it had read the message")
        answer = bytes(self._received[:end])
        del self._received[: end + 1]
        self._idle = True
        return answer

    def stop(self, message: bytes, patience: float) -> None:
        """Ask an idle worker to end, and see to it that it does."""
        if self._idle and self.process.poll() is None:
            self._send(memoryview(message + b"\n"))
            with suppress(subprocess.TimeoutExpired):  # kill() is next
                self.process.wait(patience)
        self.kill()

    def kill(self) -> None:
        """End the worker and everything it started."""
        with suppress(ProcessLookupError):  # all of it may be gone already
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self._stderr):
            if pipe is not None:
                pipe.close()

    def _send(self, data: memoryview) -> memoryview:
        """Write what the pipe takes and return the rest; nobody reads: the output will tell why."""
        try:
            return data[os.write(self._in, data) :]
        except BlockingIOError:
            return data
        except BrokenPipeError:
            return data[:0]

    def _receive(self) -> int:
        """Read what is there; the place of the line's end, or -1 if it is still to come."""
        try:
            chunk = os.read(self._out, 1 << 20)
        except BlockingIOError:
            return -1
        if not chunk:
            raise self._death()
        place = chunk.find(b"\n")
        end = -1 if place < 0 else len(self._received) + place
        self._received += chunk
        if end < 0 and len(self._received) > MAX_LINE:
            raise Loss("crash", f"wrote more than {MAX_LINE} bytes without the end of a line")
        return end

    def _look(self, meter: Meter) -> int:
        """Check that the worker lives within its limits."""
        if os.fstat(self._stderr.fileno()).st_size > MAX_STDERR:
            os.ftruncate(self._stderr.fileno(), 0)
            self._case_starts = 0
        if self.process.poll() is not None:
            # A child of it may hold the pipe open, so there may never be an end of file.
            end = self._receive()
            if end < 0:
                raise self._death()
            return end
        meter.check()
        return -1

    def _death(self) -> Loss:
        """What the end of the worker looks like: signal or exit code, and its last words."""
        try:
            code = self.process.wait(2.0)
        except subprocess.TimeoutExpired:
            return Loss("crash", "closed its output" + self._last_words())
        if code < 0:
            how = f"killed by {_signal_name(-code)}"
            how += " (not by the suite: out of memory?)" if -code == signal.SIGKILL else ""
        else:
            how = f"exited with code {code}"
        return Loss("crash", how + self._last_words())

    def _last_words(self) -> str:
        """The most telling line of stderr since the case began: a fatal error, or the last one."""
        size = os.fstat(self._stderr.fileno()).st_size
        start = max(self._case_starts, size - (1 << 16))
        text = os.pread(self._stderr.fileno(), 1 << 16, start).decode("utf-8", "replace")
        lines = [one_line(line, 300) for line in text.splitlines() if line.strip()]
        fatal = [line for line in lines if line.startswith("Fatal ")]
        return f": {(fatal or lines)[-1]}" if lines else ""


def _signal_name(number: int) -> str:
    """``SIGABRT``; the real-time signals have no name."""
    names = {member.value: member.name for member in signal.Signals}
    return names.get(number, f"signal {number}")


class Meter:
    """CPU time, wall time and resident memory of a process tree since a case began."""

    def __init__(self, pid: int, limits: Limits) -> None:
        self._pid = pid
        self._limits = limits
        self._began = time.monotonic()
        self._cpu_before: float | None = None

    def check(self) -> None:
        """Raise Loss if a limit is exceeded."""
        cpu, memory = _usage(self._pid)
        # The base line is taken at the first look, a tick after the case began: what is missed is
        # far below the limit, and quick cases need not be looked at at all.
        self._cpu_before = cpu if self._cpu_before is None else self._cpu_before
        used, wall = cpu - self._cpu_before, time.monotonic() - self._began
        if used > self._limits.cpu_seconds:
            limit = self._limits.cpu_seconds
            raise Loss("timeout", f"more than {limit:g} s of CPU time without an answer")
        if wall > self._limits.wall_seconds:
            limit = self._limits.wall_seconds
            raise Loss(
                "timeout", f"more than {limit:g} s without an answer ({used:.1f} s of CPU time)"
            )
        if memory > self._limits.memory_bytes:
            limit = self._limits.memory_bytes
            raise Loss("crash", f"resident memory above {limit / 2**30:.3g} GiB")


def _usage(pid: int) -> tuple[float, int]:
    """CPU seconds (with those of ended children) and resident bytes of the tree below ``pid``."""
    cpu, memory = 0.0, 0
    try:
        root = psutil.Process(pid)
        tree = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return cpu, memory
    for process in tree:
        try:
            with process.oneshot():
                times = process.cpu_times()
                memory += process.memory_info().rss
        except psutil.Error:
            continue  # it has just ended
        cpu += times.user + times.system
        cpu += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return cpu, memory
