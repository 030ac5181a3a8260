"""How an adapter object answers a case: one Answer per aspect, and nothing escapes.

An adapter is any object whose methods are named after aspects (``forward``, ``gradients``, …, see
``protocol.ASPECTS``); each takes a Case and returns the Answer of that aspect. It may also have

    name            a string; otherwise the name of its class
    versions        a mapping (or a method giving one) of package name -> version
    capabilities    a method giving ``{"items": [...] or None, "aspects": [...] or None}``; None is
                    "ask me". Without it the items are None and the aspects its methods.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from typing import Any

from .messages import Capabilities
from .protocol import (
    ASPECTS,
    Answer,
    Case,
    Frozen,
    Outcome,
    Raised,
    Unsupported,
    decode,
    encode,
    one_line,
)

MAX_MESSAGE = 2000
"""How much of an exception's message is kept."""


class NotSupported(Exception):
    """The adapter cannot express this case or aspect; the message says why."""


def answer(adapter: object, case: Case, aspects: Sequence[str]) -> Outcome:
    """Ask ``adapter`` each aspect of the case; whatever it raises is an answer too."""
    began = time.perf_counter()
    answers = {aspect: _speakable(_answer(adapter, case, aspect)) for aspect in aspects}
    return Outcome(answers=answers, seconds=time.perf_counter() - began)


def fits(aspect: str, reply: object) -> bool:
    """Whether ``reply`` is an Answer that an adapter may give to ``aspect``."""
    if not isinstance(reply, Frozen):
        return False
    own = "accepted" if aspect == "invalid" else aspect
    return reply.__struct_config__.tag in (own, "raised", "unsupported")


def raised(error: BaseException) -> Raised:
    """The error as an Answer."""
    bases = tuple(base.__name__ for base in type(error).__mro__[1:-1])
    return Raised(kind=type(error).__name__, bases=bases, message=message_of(error))


def message_of(error: BaseException) -> str:
    """The message of an exception of the implementation, which may fail to give one."""
    try:
        text = str(error)
    except Exception as second:  # noqa: BLE001  (it belongs to the implementation: anything)
        text = f"(its message raises {type(second).__name__})"
    return text[:MAX_MESSAGE].encode("utf-8", "replace").decode()


def versions_of(adapter: object) -> dict[str, str]:
    """What the adapter says about the versions behind it."""
    found = getattr(adapter, "versions", {})
    found = found() if callable(found) else found
    return {str(name): str(version) for name, version in dict(found).items()}


def name_of(adapter: object) -> str:
    """What the adapter calls itself."""
    return str(getattr(adapter, "name", type(adapter).__name__))


def capabilities_of(adapter: object) -> Capabilities:
    """What the adapter says it can do."""
    say = getattr(adapter, "capabilities", None)
    if say is None:
        own = tuple(a for a in ASPECTS if callable(getattr(adapter, a, None)))
        return Capabilities(items=None, aspects=own)
    said: dict[str, Any] = dict(say())
    items, aspects = said.get("items"), said.get("aspects")
    return Capabilities(
        items=None if items is None else tuple(map(str, items)),
        aspects=None if aspects is None else tuple(map(str, aspects)),
    )


def _answer(adapter: object, case: Case, aspect: str) -> Answer:
    method = getattr(adapter, aspect, None)
    if aspect not in ASPECTS or not callable(method):
        return Unsupported(f"the adapter has no method {aspect}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reply: Answer = method(case)
    except NotSupported as reason:
        return Unsupported(one_line(message_of(reason)))
    except Exception as error:  # noqa: BLE001  (whatever it raises is its answer)
        return raised(error)
    if not fits(aspect, reply):
        return raised(TypeError(f"{aspect}() of the adapter returned a {type(reply).__name__}"))
    return reply


def _speakable(reply: Answer) -> Answer:
    """The answer, or what is wrong with it if the protocol cannot say it (complex numbers…)."""
    try:
        decode(encode(reply), type(reply))
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        return raised(error)
    return reply
