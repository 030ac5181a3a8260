"""The worker: ``python -m layerproof.adapters.worker SPEC DEVICE``.

It speaks the messages of ``messages.py`` on the standard input and output it was started with, and
keeps both from the implementation: prints go to stderr, reads from stdin find nothing.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import IO

from .answering import answer, capabilities_of, name_of, versions_of
from .loading import AdapterError, load
from .messages import Answered, AskCapabilities, Failed, Message, Request, Run, Start, Started
from .protocol import ProtocolError, decode, encode

PARENT_CHECK_SECONDS = 1.0


def main(arguments: list[str]) -> None:
    """Answer messages until ``stop`` or the end of input."""
    spec, device = arguments
    requests, replies = _take_channel()
    _end_with_parent()
    worker = Worker(spec, device)
    for line in requests:
        reply = worker.reply(line)
        if reply is None:
            break
        replies.write(encode(reply) + b"\n")
        replies.flush()
    # Not sys.exit: what an implementation does at exit may hang, and nobody waits for it.
    sys.stderr.flush()
    os._exit(0)


class Worker:
    """One adapter, loaded by the first message."""

    def __init__(self, spec: str, device: str) -> None:
        self.spec = spec
        self.device = device
        self.adapter: object = None

    def reply(self, line: bytes) -> Message | None:
        """The answer to one message; None to ``stop``."""
        try:
            request = decode(line, Request)
        except ProtocolError as error:
            return Failed(str(error))
        match request:
            case Start():
                return self.start()
            case Run() | AskCapabilities() if self.adapter is None:
                return Failed("the first message must be start")
            case AskCapabilities():
                return capabilities_of(self.adapter)
            case Run(id=number, case=case, aspects=aspects):
                outcome = answer(self.adapter, case, aspects)
                return Answered(number, outcome.answers, outcome.seconds)
            case _:
                return None

    def start(self) -> Message:
        """Load the adapter and say what it is."""
        try:
            self.adapter = load(self.spec, self.device)
        except AdapterError as error:
            return Failed(error.reason)
        return Started(name_of(self.adapter), versions_of(self.adapter))


def _take_channel() -> tuple[IO[bytes], IO[bytes]]:
    """Move the channel away from descriptors 0 and 1, and point these at nothing and at stderr."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, replies


def _end_with_parent() -> None:
    """End also when the parent dies in the middle of a case, when nobody reads the input."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_CHECK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent watch").start()


if __name__ == "__main__":
    main(sys.argv[1:])
