"""An adapter that does what implementations do to a test suite: ``config["do"]`` says what.

``config["in"]``, if given, is the only aspect in which it does so; ``config["once"]``, if given, is
a file whose existence says that it has been done already.
"""

import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np

from layerproof.adapters.answering import NotSupported
from layerproof.adapters.protocol import Case, Forward, Gradients, Result


class Weird(Exception):
    """An exception whose message cannot be read."""

    def __str__(self) -> str:
        raise RuntimeError("no message either")


class Unruly:
    """Doubles its input, and misbehaves on demand."""

    name = "unruly"
    versions = {"unruly": "1.0"}

    def forward(self, case: Case) -> Forward:
        misbehave(case, "forward")
        return Forward((Result((2 * case.calls[0].inputs[0],)),))

    def gradients(self, case: Case) -> Gradients:
        misbehave(case, "gradients")
        return Gradients((2 * case.cotangents[0],))

    def shape(self, case: Case) -> Forward:
        return self.forward(case)  # not what ``shape`` should return

    def compiled(self, case: Case) -> Forward:
        raise NotSupported("no compiler\nhere")


class Complex(Unruly):
    """Answers with numbers that the protocol cannot say."""

    def forward(self, case: Case) -> Forward:
        return Forward((Result((np.ones(2, np.complex64),)),))


class Scalar(Unruly):
    """Answers with a number where an array belongs."""

    def forward(self, case: Case) -> Forward:
        return Forward((Result((np.float32(1.0),)),))


class OnDevice(Unruly):
    """Takes a device."""

    def __init__(self, device: str) -> None:
        self.name = f"unruly on {device}"


class NoStart:
    """Cannot start."""

    def __init__(self) -> None:
        raise OSError("no such accelerator\nplease buy one")


def misbehave(case: Case, aspect: str) -> None:
    if case.config.get("in", aspect) != aspect:
        return
    once = case.config.get("once")
    if once is not None:
        if Path(once).exists():
            return
        Path(once).touch()
    MISDEEDS[case.config.get("do", "nothing")]()


def raise_value_error() -> None:
    raise ValueError("x" * 5000)


def raise_weird() -> None:
    raise Weird


def raise_memory_error() -> None:
    raise MemoryError("too big")


def warn() -> None:
    warnings.warn("deprecated", FutureWarning, stacklevel=1)
    np.log(np.zeros(3))


def print_garbage() -> None:
    print('{"type": "garbage"}', flush=True)
    sys.stdout.buffer.write(b"\xff\xfe\n")
    os.write(1, b"written to descriptor 1\n")
    subprocess.run(["echo", "from a child"], check=True)


def read_stdin() -> None:
    assert os.read(0, 10) == b""


def spin() -> None:
    while True:
        pass


def spin_in_child() -> None:
    subprocess.run([sys.executable, "-c", "while True: pass"], check=True)


def eat() -> None:
    hoard = []
    while True:
        hoard.append(np.ones(1 << 20))
        time.sleep(0.001)


def complain_and_die() -> None:
    print("something\nterrible\n\n", file=sys.stderr)
    os._exit(7)


def leave_a_child_and_die() -> None:
    if os.fork() == 0:
        time.sleep(60)
    os._exit(9)


def flood_stderr() -> None:
    for _ in range(200):
        os.write(2, b"blah " * 200_000)


MISDEEDS = {
    "nothing": lambda: None,
    "abort": os.abort,
    "sigfpe": lambda: os.kill(os.getpid(), signal.SIGFPE),
    "sigkill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda: sys.exit(3),
    "spin": spin,
    "spin_in_child": spin_in_child,
    "sleep": lambda: time.sleep(600),
    "eat": eat,
    "print": print_garbage,
    "stdin": read_stdin,
    "warn": warn,
    "complain": complain_and_die,
    "orphan": leave_a_child_and_die,
    "flood": flood_stderr,
    "value_error": raise_value_error,
    "weird": raise_weird,
    "memory_error": raise_memory_error,
}
