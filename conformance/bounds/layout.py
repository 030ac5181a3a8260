"""Functions that only move elements, lifted over one hidden leading axis.

Each entry applies a NumPy function to every slice ``x[k]`` of the leading axis at once. The visible
rank is ``x.ndim - 1``; axes are normalised against it and then shifted by one. ``x`` may itself be
a duck array, so that the hidden axes of samples and of directions nest. An entry whose function is
affine and not linear (``pad`` with a constant) says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .methods import Refused, Table

Axes = int | Sequence[int]

INDICES = (int, np.integer, slice, type(None), type(...), np.ndarray, list)

LAYOUT = Table()
"""NumPy function -> the same over ``x`` with a hidden leading axis."""


def shifted(axis: Axes, rank: int) -> Any:
    """Visible axes (may be negative) -> axes of the array with its hidden leading axis."""
    if isinstance(axis, int | np.integer):
        if not -rank <= axis < rank:
            raise np.exceptions.AxisError(int(axis), rank)
        return int(axis) % rank + 1
    return tuple(shifted(a, rank) for a in axis)


def all_or(axis: Axes | None, rank: int) -> tuple[int, ...]:
    """The axes of a reduction as a tuple, shifted; None means every visible axis."""
    if axis is None:
        return tuple(range(1, rank + 1))
    moved = shifted(axis, rank)
    return moved if isinstance(moved, tuple) else (moved,)


def expanded(x: Any, rank: int) -> Any:
    """``x`` with visible axes of length 1 put in front until its visible rank is ``rank``."""
    missing = rank + 1 - x.ndim
    return np.reshape(x, (x.shape[0], *(1,) * missing, *x.shape[1:])) if missing > 0 else x


def getitem(x: Any, index: Any) -> Any:
    """``x[index]`` on every slice. Indices are plain: integers, slices, None, arrays of those."""
    index = index if isinstance(index, tuple) else (index,)
    for part in index:
        if not isinstance(part, INDICES):
            raise Refused(f"indexing with {type(part).__name__} is not in the table")
    picked = x[(slice(None), *index)]
    arrays = [np.ndim(p) for p in index if isinstance(p, np.ndarray | list)]
    if not arrays:
        return picked
    # NumPy puts the axes of index arrays first, before the hidden axis, if they stand apart.
    advanced = [isinstance(p, np.ndarray | list | int | np.integer) for p in index]
    first, last = advanced.index(True), len(advanced) - 1 - advanced[::-1].index(True)
    if all(advanced[first : last + 1]):
        return picked
    boolean = any(np.asarray(p).dtype == bool for p in index if isinstance(p, np.ndarray | list))
    return np.moveaxis(picked, 1 if boolean else max(arrays), 0)


@LAYOUT.entry(np.reshape)
def reshape(x: Any, shape: Axes) -> Any:  # noqa: D103
    shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
    if -1 in shape:
        known = int(np.prod([n for n in shape if n != -1], dtype=int))
        size = int(np.prod(x.shape[1:], dtype=int))
        shape = tuple(size // max(known, 1) if n == -1 else n for n in shape)
    return np.reshape(x, (x.shape[0], *shape))


@LAYOUT.entry(np.ravel)
def ravel(x: Any) -> Any:  # noqa: D103
    return reshape(x, -1)


@LAYOUT.entry(np.transpose)
def transpose(x: Any, axes: Sequence[int] | None = None) -> Any:  # noqa: D103
    rank = x.ndim - 1
    order = range(rank)[::-1] if axes is None else axes
    return np.transpose(x, (0, *shifted(tuple(order), rank)))


@LAYOUT.entry(np.moveaxis)
def moveaxis(x: Any, source: Axes, destination: Axes) -> Any:  # noqa: D103
    rank = x.ndim - 1
    return np.moveaxis(x, shifted(source, rank), shifted(destination, rank))


@LAYOUT.entry(np.swapaxes)
def swapaxes(x: Any, axis1: int, axis2: int) -> Any:  # noqa: D103
    return np.swapaxes(x, shifted(axis1, x.ndim - 1), shifted(axis2, x.ndim - 1))


@LAYOUT.entry(np.expand_dims)
def expand_dims(x: Any, axis: Axes) -> Any:  # noqa: D103
    added = (axis,) if isinstance(axis, int | np.integer) else tuple(axis)
    return np.expand_dims(x, shifted(added, x.ndim - 1 + len(added)))


@LAYOUT.entry(np.squeeze)
def squeeze(x: Any, axis: Axes | None = None) -> Any:  # noqa: D103
    if axis is None:
        return np.squeeze(x, tuple(i for i in range(1, x.ndim) if x.shape[i] == 1))
    return np.squeeze(x, shifted(axis, x.ndim - 1))


@LAYOUT.entry(np.broadcast_to)
def broadcast_to(x: Any, shape: Axes) -> Any:  # noqa: D103
    shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
    return np.broadcast_to(expanded(x, len(shape)), (x.shape[0], *shape))


@LAYOUT.entry(np.pad)
def pad(x: Any, pad_width: Any, mode: Any = "constant", constant_values: float = 0.0) -> Any:
    """Affine: a tangent is padded with 0, which ``Dual`` sees to."""
    modes = ("constant", "edge", "reflect", "symmetric", "wrap")
    if mode not in modes or np.ndim(constant_values):
        raise Refused(f"numpy.pad(mode={mode!r}) or its constant_values is not in the table")
    rank = x.ndim - 1
    widths = np.broadcast_to(np.asarray(pad_width), (rank, 2)).tolist() if rank else []
    constant: Any = {"constant_values": constant_values} if mode == "constant" else {}
    return np.pad(x, [(0, 0), *map(tuple, widths)], mode=mode, **constant)


@LAYOUT.entry(np.repeat)
def repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:  # noqa: D103
    if axis is None:
        return np.repeat(ravel(x), repeats, axis=1)
    return np.repeat(x, repeats, axis=shifted(axis, x.ndim - 1))


@LAYOUT.entry(np.tile)
def tile(x: Any, reps: Axes) -> Any:  # noqa: D103
    counts = (reps,) if isinstance(reps, int | np.integer) else tuple(reps)
    counts = (1,) * (x.ndim - 1 - len(counts)) + counts
    return np.tile(expanded(x, len(counts)), (1, *counts))


@LAYOUT.entry(np.flip)
def flip(x: Any, axis: Axes | None = None) -> Any:  # noqa: D103
    return np.flip(x, all_or(axis, x.ndim - 1))


@LAYOUT.entry(np.roll)
def roll(x: Any, shift: Axes, axis: Axes | None = None) -> Any:  # noqa: D103
    if axis is None:
        return np.reshape(np.roll(ravel(x), shift, axis=1), x.shape)
    return np.roll(x, shift, axis=shifted(axis, x.ndim - 1))


@LAYOUT.entry(np.take)
def take(x: Any, indices: Any, axis: int | None = None) -> Any:
    """``indices`` are plain integers."""
    if axis is None:
        return np.take(ravel(x), indices, axis=1)
    return np.take(x, indices, axis=shifted(axis, x.ndim - 1))


@LAYOUT.entry(np.diagonal)
def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:  # noqa: D103
    rank = x.ndim - 1
    return np.diagonal(x, offset, shifted(axis1, rank), shifted(axis2, rank))


@LAYOUT.entry(sliding_window_view)
def windows(x: Any, window_shape: Axes, axis: Axes | None = None) -> Any:  # noqa: D103
    return sliding_window_view(x, window_shape, axis=all_or(axis, x.ndim - 1))


@LAYOUT.entry(np.split)
def split(x: Any, indices_or_sections: Any, axis: int = 0) -> Any:  # noqa: D103
    return np.split(x, indices_or_sections, axis=shifted(axis, x.ndim - 1))


@LAYOUT.entry(np.array_split)
def array_split(x: Any, indices_or_sections: Any, axis: int = 0) -> Any:  # noqa: D103
    return np.array_split(x, indices_or_sections, axis=shifted(axis, x.ndim - 1))
