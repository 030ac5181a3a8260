"""Items and their arguments, as the installed Keras has them.

What this version lacks is ``NotSupported``, so that one suite runs on old and new versions.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import keras

from ..answering import NotSupported

KINDS = ("activations", "constraints", "initializers", "layers", "regularizers")

UNLISTED = {"layers.LayerNormalization": frozenset({"rms_scaling"})}
"""Arguments that a constructor takes, with a notice, though its signature has only ``**kwargs``."""


def find(item: str) -> Any:
    """The class or function of an item; NotSupported if this Keras has none."""
    kind, _, name = item.partition(".")
    found = getattr(getattr(keras, kind), name, None) if kind in KINDS else None
    if found is None:
        raise NotSupported(f"{item} not in Keras {keras.__version__}")
    return found


def require(item: str, target: Callable[..., Any], names: Iterable[str]) -> None:
    """NotSupported if ``target`` (a class, function or bound method) lacks an argument."""
    known = parameters(target)
    for name in names:
        if known is not None and name not in known | UNLISTED.get(item, frozenset()):
            raise NotSupported(f"{item}({name}) not in Keras {keras.__version__}")


def parameters(target: Callable[..., Any]) -> frozenset[str] | None:
    """Argument names; None if anything is accepted.

    A constructor that passes its ``**kwargs`` on has also those of its base classes, up to
    ``keras.layers.Layer``, whose own ``**kwargs`` are for arguments of old.
    """
    if not inspect.isclass(target):
        names, open_ended = _declared(getattr(target, "__func__", target))
        return None if open_ended else names
    cls: Any = target
    return _of_class(cls)


def own_parameters(cls: Any) -> tuple[str, ...]:
    """The arguments that a class's constructor names itself, in order."""
    return tuple(n for n in _signature(cls.__init__) if n != "self")


@functools.cache
def _of_class(cls: Any) -> frozenset[str]:
    names: set[str] = set()
    for base in cls.__mro__:
        if "__init__" not in vars(base) or base is object:
            continue
        declared, open_ended = _declared(base.__init__)
        names |= declared
        if not open_ended or base is keras.layers.Layer:
            break
    return frozenset(names - {"self"})


@functools.lru_cache(maxsize=1024)
def _declared(function: Callable[..., Any]) -> tuple[frozenset[str], bool]:
    kinds = {p.kind for p in inspect.signature(function).parameters.values()}
    return frozenset(_signature(function)), inspect.Parameter.VAR_KEYWORD in kinds


def _signature(function: Callable[..., Any]) -> list[str]:
    stars = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    found = inspect.signature(function).parameters.values()
    return [p.name for p in found if p.kind not in stars]
