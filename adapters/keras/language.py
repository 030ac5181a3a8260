"""The values of ``Case.config`` as Keras objects, and what get_config says in that language."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

from .. import protocol
from . import items

INTEGER_ONLY = frozenset(
    f"layers.{n}"
    for n in ("Hashing", "HashedCrossing", "IntegerLookup", "StringLookup", "TextVectorization")
)
"""Layers whose dtype is that of indices, not the tested one."""


class Maker:
    """Makes Keras objects for one case.

    Layers get the case's dtype or policy, and names that depend on the case alone (Keras numbers
    its automatic names through the whole process).
    """

    def __init__(self, dtype: str) -> None:
        self.dtype = dtype
        self.names: Counter[str] = Counter()

    def item(self, item: str, config: Mapping[str, Any]) -> Any:
        """An item made with its arguments; an activation without any is the function itself."""
        found = items.find(item)
        arguments = {key: self.value(value) for key, value in config.items()}
        items.require(item, found, arguments)
        if item.startswith("activations."):
            return found if not arguments else lambda x: found(x, **arguments)
        if inspect.isclass(found) and issubclass(found, keras.layers.Layer):
            arguments = self._defaults(item, found) | arguments
        return found(**arguments)

    def value(self, value: Any) -> Any:
        """One argument. Lists of numbers become tuples, as the documentation writes them."""
        match value:
            case {"$item": str(item)}:
                return self.item(item, value.get("config", {}))
            case {"$fn": str(name)}:
                return function(name)
            case Mapping():
                return {key: self.value(v) for key, v in value.items()}
            case list() | tuple():
                made = [self.value(v) for v in value]
                return tuple(made) if all(map(_numeric, made)) else made
            case _:
                return value

    def _defaults(self, item: str, cls: type) -> dict[str, Any]:
        """Name and dtype, where the constructor takes them."""
        known = items.parameters(cls) or frozenset()
        stem = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", item.partition(".")[2]).lower()
        count = self.names[stem]
        self.names[stem] += 1
        chosen: dict[str, Any] = {"name": f"{stem}_{count}" if count else stem}
        if item not in INTEGER_ONLY:
            chosen["dtype"] = self.dtype
        return {key: value for key, value in chosen.items() if key in known}


def function(name: str) -> Callable[..., Any]:
    """What ``{"$fn": name}`` stands for."""
    try:
        return FUNCTIONS[name]
    except KeyError:
        raise protocol.ProtocolError(f"$fn {name!r} is not in the table of functions") from None


def spoken(value: Any) -> Any:
    """A value of get_config, after JSON, in the language of ``Case.config``."""
    match value:
        case {"class_name": "function", "config": str(name)}:
            return {"$fn": name} if name in FUNCTIONS else name
        case {"class_name": "__numpy__" | "__tensor__", "config": {"value": data, "dtype": dtype}}:
            return np.array(data, dtype)
        case {"class_name": "__tuple__", "config": {"value": parts}}:
            return spoken(parts)
        case {"class_name": "DTypePolicy", "config": {"name": name}}:
            return name
        case {"class_name": str(name), "config": Mapping() as config}:
            module = (value.get("module") or "").removeprefix("keras").removeprefix(".")
            item = f"{module}.{name}" if module else name
            return {"$item": item, "config": spoken(config)}
        case Mapping():
            return {key: spoken(v) for key, v in value.items()}
        case list() | tuple():
            return [spoken(v) for v in value]
        case _:
            return value


def _numeric(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_numeric, value))
    return isinstance(value, int | float)


# ---- protocol.FUNCTIONS with the operations that all of Keras's tensors have ---------------------


def sum_last(x: Any) -> Any:
    """The sum over the last axis."""
    return keras.ops.sum(x, axis=-1)


def any_nonzero(x: Any, mask: Any = None) -> Any:
    """A mask: whether anything along the last axis is not zero."""
    return keras.ops.any(keras.ops.not_equal(x, 0), axis=-1)


def _named(name: str, found: Callable[..., Any]) -> Callable[..., Any]:
    """The function under a name by which Keras can save it."""
    found.__name__ = found.__qualname__ = name
    return found


FUNCTIONS = protocol.FUNCTIONS | {"sum_last": sum_last, "any_nonzero": any_nonzero}
FUNCTIONS = {name: _named(name, found) for name, found in FUNCTIONS.items()}
