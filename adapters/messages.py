"""What travels between the suite and a worker: one message per line, one JSON object per message.

The suite writes Start, AskCapabilities, Run or Stop; the worker answers each but Stop with exactly
one line. A worker is this package's own (``worker.py``) or any program behind ``process:``.
"""

from __future__ import annotations

from .protocol import SCHEMA, Answer, Case, Frozen


class Message(Frozen, frozen=True, tag_field="type"):
    """Base of the messages; the field ``type`` says which one it is."""


class Start(Message, tag="start", frozen=True):
    """Load the implementation."""

    schema: int = SCHEMA


class Started(Message, tag="started", frozen=True):
    """Ready: what it calls itself, and the versions behind it."""

    name: str
    versions: dict[str, str] = {}
    schema: int = SCHEMA


class Failed(Message, tag="failed", frozen=True):
    """It could not start, or could not read the message, and why."""

    reason: str


class AskCapabilities(Message, tag="capabilities", frozen=True):
    """Say what can be asked."""


class Capabilities(Message, tag="capabilities", frozen=True):
    """The items and aspects that can be asked; None: not known before asking."""

    items: tuple[str, ...] | None = None
    aspects: tuple[str, ...] | None = None


class Run(Message, tag="run", frozen=True):
    """Answer these aspects of this case."""

    id: int
    case: Case
    aspects: tuple[str, ...]


class Answered(Message, tag="outcome", frozen=True):
    """The Outcome of the case of the same id."""

    id: int
    answers: dict[str, Answer]
    seconds: float = 0.0
    schema: int = SCHEMA


class Stop(Message, tag="stop", frozen=True):
    """End with exit code 0."""


Request = Start | AskCapabilities | Run | Stop
Reply = Started | Failed | Capabilities | Answered
