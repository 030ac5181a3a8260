"""Conditions of a deviation entry: what its ``when`` may ask of a case."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..adapters.protocol import FUNCTIONS, Case
from ..reference import oracle
from ..reference.layers.spatial import spatial_axes
from ..reference.layers.windows import to_channels_last


class DeviationError(ValueError):
    """A deviation file that cannot be used; one line that says where and why."""


def holds(case: Case, place: str, values: list[Any]) -> bool:
    """Whether the dotted place (``config.axis``, ``call.training``, ``family``) has one of them."""
    head, _, rest = place.partition(".")
    match head:
        case "config":
            found = case.config.get(rest)
        case "call":
            found = next((s.call[rest] for s in case.calls if rest in s.call), None)
        case "uses":
            return not set(values).isdisjoint(used(case.config))
        case _ if place in PLACES:
            found = PLACES[place](case)
        case _:
            known = f"config.NAME, call.NAME, uses, {', '.join(PLACES)}"
            raise DeviationError(f"a condition on {place!r}: use one of {known}")
    found = _listed(found)
    return any(type(found) is type(value) and found == value for value in values) or (
        "set" in values and found is not None and not isinstance(found, str)
    )


def family(case: Case) -> str:
    """The family of the values."""
    return case.family


def rank(case: Case) -> int:
    """The number of axes of the first input."""
    return case.calls[0].inputs[0].ndim


def batch(case: Case) -> int | None:
    """The batch size of the first input."""
    return next(iter(case.calls[0].inputs[0].shape), None)


def input_dtype(case: Case) -> str:
    """The dtype of the first input."""
    return case.calls[0].inputs[0].dtype.name


def shapes(case: Case) -> str:
    """Whether all inputs of the first call have one shape: ``equal`` or ``different``."""
    return "equal" if len({x.shape for x in case.calls[0].inputs}) == 1 else "different"


def axes(case: Case) -> int:
    """How many axes ``config.axis`` lists."""
    axis = case.config.get("axis")
    return len(axis) if isinstance(axis, tuple | list) else 1


def masked(case: Case) -> bool:
    """Whether any mask is carried, or given in a call."""
    carried = any(m is not None for step in case.calls for m in step.masks)
    given = [value for step in case.calls for name, value in step.call.items() if "mask" in name]
    return carried or any(not isinstance(value, bool | None) for value in given)


def mask_rank(case: Case) -> int:
    """The number of axes of the largest mask that the first call's inputs carry; 0 without one."""
    return max((m.ndim for m in case.calls[0].masks if m is not None), default=0)


def none(case: Case) -> list[str]:
    """Which arguments are None, sorted."""
    return sorted(name for name, value in case.config.items() if value is None)


def bias_as_long_as_last_spatial_axis(case: Case) -> bool:
    """Whether the last spatial axis of the output is as long as the bias."""
    last = -1 if case.config.get("data_format") == "channels_first" else -2
    lengths = [y.shape[last : last + 1 or None] for y in case.cotangents]
    return "bias" in case.weights and lengths == [case.weights["bias"].shape]


def same_padding(case: Case) -> str:
    """Of windows with "same" padding: ``uneven`` if some axis gets one more position at one end."""
    layer = oracle(case.item, case.config, FUNCTIONS)
    window, x = layer.window(), case.calls[0].inputs[0]
    if window.padding != "same":
        return "none"
    lengths = tuple(x.shape[axis] for axis in spatial_axes(layer.data_format, layer.rank))
    uneven = any(before != after for before, after in window.ends(lengths))
    return "uneven" if uneven else "even"


def nearest_below_maximum(case: Case) -> str:
    """``within 1e-5`` of the maximum of a window, without being it, is some other value in it."""
    layer, x = oracle(case.item, case.config, FUNCTIONS), case.calls[0].inputs[0]
    x = to_channels_last(x.astype(np.float64), layer.data_format, layer.rank)
    with np.errstate(invalid="ignore"):
        below = layer.pooled(x)[(..., *(None,) * layer.rank)] - layer.window().over(x, fill=-np.inf)
    return "within 1e-5" if np.any((below > 0) & (below < 1e-5)) else "further"


PLACES: dict[str, Callable[[Case], Any]] = {
    place.__name__: place
    for place in (
        family,
        rank,
        batch,
        input_dtype,
        shapes,
        axes,
        masked,
        mask_rank,
        none,
        bias_as_long_as_last_spatial_axis,
        same_padding,
        nearest_below_maximum,
    )
}
"""What a condition may ask of a case, besides ``config.NAME``, ``call.NAME`` and ``uses``."""


def used(value: Any) -> Iterator[str]:
    """Names of the items, and all other words, anywhere in a configuration.

    >>> dense = {"$item": "layers.Dense", "config": {"units": 2}}
    >>> sorted(used({"activation": "gelu", "layer": dense}))
    ['gelu', 'layers.Dense']
    """
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from used(inner)
        case list() | tuple():
            for inner in value:
                yield from used(inner)


def _listed(value: Any) -> Any:
    """Tuples as lists, which are all that TOML has."""
    return [_listed(v) for v in value] if isinstance(value, tuple | list) else value
