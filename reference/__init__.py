"""The reference: what each documented item of the Keras 3 Layers API means, in float64 NumPy.

``CATALOGUE`` is the table of contents, in the documentation's order. ``oracle`` makes one item from
a configuration in the language of case files, with one interface for all kinds of items:

    weights(*input_shapes) -> {role: shape}
    __call__(w, *inputs, **call) -> array or tuple of arrays
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from . import activations, constraints, initializers, layers, regularizers
from .core import Array, Shape, Weights

CATALOGUE: dict[str, Callable[..., Any]] = {
    f"{kind.__name__.rsplit('.', 1)[-1]}.{name}": getattr(kind, name)
    for kind in (activations, initializers, regularizers, constraints, layers)
    for name in kind.__all__
}
"""Item name -> oracle: a function (activations) or a class."""


@dataclass(frozen=True)
class Pointwise:
    """An activation, regularizer or constraint with the interface of a layer without weights."""

    apply: Callable[[Array], Array]

    def weights(self, *_: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        return self.apply(x)

    def readings(self, w: Weights, x: Array) -> dict[str, Array]:
        """What the documentation leaves open, by name; nothing if the item does not say so."""
        return self.apply.readings(x) if hasattr(self.apply, "readings") else {}


def oracle(item: str, config: Mapping[str, Any], functions: Mapping[str, Callable]) -> Any:
    """The oracle of ``item`` with ``config``, whose ``{"$fn": name}`` are looked up in
    ``functions``.

    Raises KeyError for an unknown item and ValueError for arguments documented as invalid.
    """
    made = _make(item, config, functions)
    return made if item.startswith("layers.") else Pointwise(made)


def _make(item: str, config: Mapping[str, Any], functions: Mapping[str, Callable]) -> Any:
    arguments = {name: _resolve(value, functions) for name, value in config.items()}
    if item.startswith("activations."):
        return partial(CATALOGUE[item], **arguments)
    return CATALOGUE[item](**arguments)


def _resolve(value: Any, functions: Mapping[str, Callable]) -> Any:
    """A config value of the case language as the oracle takes it."""
    match value:
        case {"$item": str(item)}:
            return _make(item, value.get("config", {}), functions)
        case {"$fn": str(name)}:
            return functions[name]
        case Mapping():
            return {key: _resolve(v, functions) for key, v in value.items()}
        case list() | tuple():
            return tuple(_resolve(v, functions) for v in value)
        case _:
            return value
