"""The suite's side of an implementation: asked a case, it always comes back with an Outcome.

``Client`` keeps the implementation in a process of its own. A death, a hang, memory without end or
garbage on the pipe ends that process, not the run: the loss is confirmed in a fresh one, aspect by
aspect, so that only what is lost twice is ``Lost`` and everything else has its real answer.
``InProcess`` is the same without the process, for debugging and for mutants.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from .answering import answer, capabilities_of, fits, name_of, versions_of
from .channel import Channel, Limits, Loss
from .loading import AdapterError, load
from .messages import (
    Answered,
    AskCapabilities,
    Capabilities,
    Failed,
    Message,
    Reply,
    Run,
    Start,
    Started,
    Stop,
)
from .protocol import Answer, Case, Lost, Outcome, ProtocolError, decode, encode, one_line

STOP_SECONDS = 5.0
"""How long a worker may take to end when asked to."""

PROCESS = "process:"

USUAL = Limits()


def connect(
    spec: str, device: str = "cpu", limits: Limits = USUAL, *, isolate: bool = True
) -> Client | InProcess:
    """The way to ``spec``, not yet started; mutants and, without isolation, all run in process."""
    if spec.startswith(PROCESS) or (isolate and not spec.startswith("mutant:")):
        return Client(spec, device, limits)
    return InProcess(spec, device, limits)


class Client(AbstractContextManager["Client"]):
    """An implementation in a worker process.

    name, versions    what it says about itself, once started
    capabilities      the items and aspects it says it can do (None: ask)
    unconfirmed       losses that did not happen again in a fresh worker
    """

    def __init__(self, spec: str, device: str = "cpu", limits: Limits = USUAL) -> None:
        self.spec = spec
        self.device = device
        self.limits = limits
        self.name = spec
        self.versions: dict[str, str] = {}
        self.capabilities = Capabilities()
        self.unconfirmed = 0
        self._channel: Channel | None = None
        self._asked = 0

    def start(self) -> None:
        """Start the worker; raises AdapterError with one line if it cannot."""
        try:
            self._channel = Channel(_command(self.spec, self.device), _environment())
        except (OSError, ValueError) as error:
            raise AdapterError(self.spec, f"does not start: {error}") from error
        patience = replace(
            self.limits,
            cpu_seconds=self.limits.start_seconds,
            wall_seconds=self.limits.start_seconds,
        )
        try:
            started = self._exchange(Start(), Started, patience)
            self.capabilities = self._exchange(AskCapabilities(), Capabilities, patience)
        except Loss as loss:
            raise AdapterError(self.spec, f"does not start: {loss.detail}") from None
        self.name, self.versions = started.name, started.versions

    def ask(self, case: Case, aspects: Sequence[str]) -> Outcome:
        """The implementation's answers, and ``Lost`` for each aspect that was lost twice."""
        try:
            return self._attempt(case, aspects)
        except Loss:
            return self._one_by_one(case, aspects)

    def close(self) -> None:
        """End the worker."""
        if self._channel is not None:
            self._channel.stop(encode(Stop()), STOP_SECONDS)
            self._channel = None

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _one_by_one(self, case: Case, aspects: Sequence[str]) -> Outcome:
        """Confirm a loss: each aspect once more, in a fresh worker after each further loss.

        Every aspect makes the case's calls, so if these alone (``forward``) are lost, all are.
        """
        answers: dict[str, Answer] = {}
        seconds = 0.0
        for aspect in sorted(aspects, key=lambda name: name != "forward"):
            whole = answers.get("forward")
            if isinstance(whole, Lost):
                answers[aspect] = Lost(whole.how, f"{whole.detail} (as forward)")
                continue
            try:
                outcome = self._attempt(case, (aspect,))
            except Loss as loss:
                answers[aspect] = Lost(loss.how, loss.detail)
            else:
                answers |= outcome.answers
                seconds += outcome.seconds
        self.unconfirmed += not any(isinstance(a, Lost) for a in answers.values())
        return Outcome(answers=answers, seconds=seconds)

    def _attempt(self, case: Case, aspects: Sequence[str]) -> Outcome:
        """Ask once; raises Loss, and then the next attempt starts a fresh worker."""
        if self._channel is None:
            try:
                self.start()
            except AdapterError as error:
                raise Loss("crash", f"no fresh worker: {error.reason}") from None
        self._asked += 1
        run = Run(id=self._asked, case=case, aspects=tuple(aspects))
        reply = self._exchange(run, Answered, self.limits)
        if reply.id != run.id or set(reply.answers) != set(aspects):
            raise self._broken("answered something that was not asked")
        for aspect in aspects:
            if not fits(aspect, reply.answers[aspect]):
                raise self._broken(f"the answer to {aspect} is not one of that kind")
        return Outcome(answers={a: reply.answers[a] for a in aspects}, seconds=reply.seconds)

    def _exchange(self, message: Message, kind: type[Message], limits: Limits) -> Any:
        """The worker's reply, of class ``kind``; any other end is a Loss and ends the worker."""
        assert self._channel is not None
        try:
            line = self._channel.exchange(encode(message), limits)
        except Loss:
            self._drop()
            raise
        try:
            reply = decode(line, Reply)
        except ProtocolError as error:
            raise self._broken(f"wrote {one_line(repr(line[:80]))}: {error}") from None
        if isinstance(reply, Failed):
            raise self._broken(one_line(reply.reason))
        if not isinstance(reply, kind):
            raise self._broken(f"answered with a message of type {type(reply).__name__.lower()!r}")
        return reply

    def _broken(self, detail: str) -> Loss:
        """End a worker that cannot be understood."""
        self._drop()
        return Loss("crash", detail)

    def _drop(self) -> None:
        if self._channel is not None:
            self._channel.kill()
            self._channel = None


class InProcess(AbstractContextManager["InProcess"]):
    """An implementation in this process, with the interface of Client; limits are not watched."""

    def __init__(self, spec: str, device: str = "cpu", limits: Limits = USUAL) -> None:
        self.spec = spec
        self.device = device
        self.limits = limits
        self.name = spec
        self.versions: dict[str, str] = {}
        self.capabilities = Capabilities()
        self.unconfirmed = 0
        self._adapter: object = None

    def start(self) -> None:
        """Load the adapter; raises AdapterError with one line if that fails."""
        self._adapter = load(self.spec, self.device)
        self.name, self.versions = name_of(self._adapter), versions_of(self._adapter)
        self.capabilities = capabilities_of(self._adapter)

    def ask(self, case: Case, aspects: Sequence[str]) -> Outcome:
        """The answers, with case and outcome through JSON as if there were a worker."""
        if self._adapter is None:
            self.start()
        try:
            outcome = answer(self._adapter, decode(encode(case), Case), aspects)
        except SystemExit as end:
            return Outcome({a: Lost("crash", f"exited with code {end.code}") for a in aspects})
        return decode(encode(outcome), Outcome)

    def close(self) -> None:
        """Forget the adapter."""
        self._adapter = None

    def __exit__(self, *exception: object) -> None:
        self.close()


def _command(spec: str, device: str) -> list[str]:
    """The command line of the worker for ``spec``."""
    if spec.startswith(PROCESS):
        command = shlex.split(spec.removeprefix(PROCESS))
        if not command:
            raise AdapterError(spec, "names no command")
        return command
    return [sys.executable, "-m", f"{__package__}.worker", spec, device]


def _environment() -> dict[str, str]:
    """The environment of this process, with its import path and without what would disturb.

    A native crash leaves its stack on stderr; warnings of the implementation stay warnings.
    """
    path = [entry for entry in sys.path if entry and Path(entry).exists()]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path),
        "PYTHONFAULTHANDLER": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "2"),
    }
