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
    """Whether the dotted place (``config.axis``, ``call.training``, ``family``) has one of these."""
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


def _same_padding(case: Case) -> str:
    """``uneven`` if windows with "same" padding get one position more at one end of some axis."""
    layer = oracle(case.item, case.config, FUNCTIONS)
    window, x = layer.window(), case.calls[0].inputs[0]
    if window.padding != "same":
        return "none"
    lengths = tuple(x.shape[axis] for axis in spatial_axes(layer.data_format, layer.rank))
    uneven = any(before != after for before, after in window.ends(lengths))
    return "uneven" if uneven else "even"


def _nearest_below_maximum(case: Case) -> str:
    """``within 1e-5`` of the maximum of a window, without being it, is some other value in it."""
    layer, x = oracle(case.item, case.config, FUNCTIONS), case.calls[0].inputs[0]
    x = to_channels_last(x.astype(np.float64), layer.data_format, layer.rank)
    with np.errstate(invalid="ignore"):
        below = layer.pooled(x)[(..., *(None,) * layer.rank)] - layer.window().over(x, fill=-np.inf)
    return "within 1e-5" if np.any((below > 0) & (below < 1e-5)) else "further"


PLACES: dict[str, Callable[[Case], Any]] = {
    "family": lambda case: case.family,
    "rank": lambda case: case.calls[0].inputs[0].ndim,
    "input": lambda case: case.calls[0].inputs[0].dtype.name,
    "shapes": lambda case: (
        "equal" if len({x.shape for x in case.calls[0].inputs}) == 1 else "different"
    ),
    "axes": lambda case: len(axis) if isinstance(axis := case.config.get("axis"), tuple | list) else 1,
    "masked": lambda case: any(
        [m is not None for step in case.calls for m in step.masks]
        + [not isinstance(v, bool | None) for s in case.calls for k, v in s.call.items() if "mask" in k]
    ),
    "batch": lambda case: next(iter(case.calls[0].inputs[0].shape), None),
    "none": lambda case: sorted(name for name, value in case.config.items() if value is None),
    "bias_as_long_as_last_axis": lambda case: (
        "bias" in case.weights
        and [y.shape[-1:] for y in case.cotangents] == [case.weights["bias"].shape]
    ),
    "same_padding": _same_padding,
    "nearest_below_maximum": _nearest_below_maximum,
    "mask_rank": lambda case: max((m.ndim for m in case.calls[0].masks if m is not None), default=0),
}
"""What a condition may ask of a case: of its first call the first input's number of axes and dtype,
whether all inputs have one shape, how many axes ``config.axis`` lists, and the number of axes of the
masks they carry (0: none), and the batch size; of all calls, whether any mask is carried or given;
which arguments are None; whether the last axis of the output is as long as the bias; whether "same"
padding is uneven on some axis; whether some value is only just below the maximum of its window."""


def used(value: Any) -> Iterator[str]:
    """Names of the items, and all other words, anywhere in a configuration.

    >>> sorted(used({"activation": "gelu", "layer": {"$item": "layers.Dense", "config": {"units": 2}}}))
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
