"""Conditions of a deviation entry: what its ``when`` may ask of a case."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..adapters.protocol import Case


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
    "neighbouring_axes": lambda case: _neighbouring(case),
    "channels": lambda case: _channels(case),
    "spread": lambda case: _spread(case),
    "zero_vectors": lambda case: _zero_vectors(case),
    "batch": lambda case: next(iter(case.calls[0].inputs[0].shape), None),
    "none": lambda case: sorted(name for name, value in case.config.items() if value is None),
    "bias_as_long_as_last_axis": lambda case: (
        "bias" in case.weights
        and [y.shape[-1:] for y in case.cotangents] == [case.weights["bias"].shape]
    ),
    "mask_rank": lambda case: max((m.ndim for m in case.calls[0].masks if m is not None), default=0),
}
"""What a condition may ask of a case: of its first call the first input's number of axes and dtype,
whether all inputs have one shape, how many axes ``config.axis`` lists, and the number of axes of the
masks they carry (0: none), the length of the axis in ``config.axis``, and the batch size; whether
the axes in ``config.axis`` are neighbours as written, and then whether ``last`` or not; whether some values that are normalised together have a ``small`` spread for their
mean, and whether a vector along ``config.axis`` is zero; of all calls, whether any mask is carried or given;
which arguments are None; whether the last axis of the output is as long as the bias."""


def _axes(case: Case) -> tuple[int, ...]:
    axis = case.config.get("axis", -1)
    return (axis,) if isinstance(axis, int) else tuple(axis)


def _neighbouring(case: Case) -> str | None:
    """Where axes are that follow each other as numbers, in whatever order they are listed."""
    axes = sorted(_axes(case))
    if axes != [*range(axes[0], axes[0] + len(axes))]:
        return None
    rank = case.calls[0].inputs[0].ndim
    last = {a % rank for a in axes} == {*range(rank - len(axes), rank)}
    return "last" if last else "elsewhere"


def _channels(case: Case) -> int | None:
    x = case.calls[0].inputs[0]
    axis = _axes(case)
    return x.shape[axis[0]] if len(axis) == 1 and -x.ndim <= axis[0] < x.ndim else None


def _spread(case: Case) -> str:
    """``small`` where a mean is more than four times the standard deviation."""
    x = case.calls[0].inputs[0].astype(np.float64)
    axes = tuple(a % x.ndim for a in _axes(case))
    if case.item == "layers.BatchNormalization":
        axes = tuple(a for a in range(x.ndim) if a not in axes)
    elif case.item == "layers.GroupNormalization":
        x = np.moveaxis(x, axes[0], 1)
        groups = case.config.get("groups", 32)
        x, axes = x.reshape(len(x), x.shape[1] if groups == -1 else groups, -1), (2,)
    with np.errstate(all="ignore"):
        small = abs(x.mean(axes)) > 4 * x.std(axes)
    return "small" if small.any() else "usual"


def _zero_vectors(case: Case) -> bool:
    return bool((case.calls[0].inputs[0] == 0).all(_axes(case)).any())


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
