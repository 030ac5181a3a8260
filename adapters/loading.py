"""From the text after ``--adapter=`` to an adapter object; nothing heavy is imported before.

    keras, keras:BACKEND, reference, reference:MODE, mutant:NAME     ours
    package.module:Class                                             anyone's
    a name of the entry-point group ``layerproof.adapters``          anyone's, installed

``process:COMMAND`` is no object: see ``client.py``.
"""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from .answering import message_of
from .protocol import one_line

GROUP = "layerproof.adapters"

BUILT_IN = {"keras": ".keras", "reference": ".reference", "mutant": ".mutants"}
"""Name -> module of this package; its ``adapter(option, device)`` makes the object."""

FORMS = (
    *("keras", "keras:tensorflow", "keras:jax", "keras:torch", "reference", "mutant:NAME"),
    *("process:COMMAND", "package.module:Class"),
)
"""What a message about an unknown adapter lists, before the installed entry points."""


class AdapterError(Exception):
    """The adapter cannot be found or does not start; ``reason`` is one line that says why."""

    def __init__(self, spec: str, reason: str) -> None:
        super().__init__(f"adapter {spec!r}: {reason}")
        self.reason = reason


def load(spec: str, device: str = "cpu") -> object:
    """The adapter object that ``spec`` names, on ``device``."""
    name, colon, option = spec.partition(":")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if name in BUILT_IN:
                return import_module(BUILT_IN[name], __package__).adapter(option, device)
            return _make(_third_party(spec, name, colon, option), spec, device)
    except AdapterError:
        raise
    except Exception as error:
        raise AdapterError(spec, _reason(error)) from error


def _third_party(spec: str, name: str, colon: str, option: str) -> Callable[..., object]:
    """The class behind an entry point or ``package.module:Class``."""
    installed = {point.name: point for point in entry_points(group=GROUP)}
    if spec in installed:
        return installed[spec].load()
    if not colon or not all(part.isidentifier() for part in name.split(".")) or not option:
        raise AdapterError(spec, _unknown(installed))
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # as in the worker: ``mine:Adapter`` beside the user
    found: object = import_module(name)
    for part in option.split("."):
        found = getattr(found, part)
    if not callable(found):
        raise AdapterError(spec, "is not a class")
    return found


def _make(factory: Callable[..., object], spec: str, device: str) -> object:
    """Call it with ``device=`` if it takes one; without, only the CPU can be meant."""
    parameters = inspect.signature(factory).parameters.values()
    if any(p.name == "device" or p.kind is p.VAR_KEYWORD for p in parameters):
        return factory(device=device)
    if device != "cpu":
        raise AdapterError(spec, f"takes no device, so it cannot run on {device!r}")
    return factory()


def _unknown(installed: Iterable[str]) -> str:
    return f"is unknown; there is {', '.join([*FORMS, *sorted(installed)])}"


def _reason(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {message_of(error)}")
