"""The table of NumPy functions on samples that do more than move elements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .contraction import contract, explicit, terms, unused
from .layout import all_or, expanded, shifted
from .sampled import (
    FUNCTIONS,
    Sampled,
    aligned,
    arithmetic_of,
    selectable,
    untouched,
)

Axes = int | Sequence[int] | None


@FUNCTIONS.entry(np.einsum)
def einsum(subscripts: str, *operands: Any, optimize: Any = None) -> Sampled:
    """A sum of products; ``optimize`` changes no result that the bound depends on."""
    labels = explicit(subscripts, tuple(np.ndim(o) for o in operands))
    hidden, held = unused(labels), [isinstance(o, Sampled) for o in operands]
    rows = tuple(hidden * h + term for h, term in zip(held, labels[0], strict=True))
    raw = [o.samples if h else np.asarray(o) for o, h in zip(operands, held, strict=True)]
    z = contract((rows, hidden + labels[1]), raw)
    arithmetic = arithmetic_of(operands)
    if z.dtype.kind != "f":
        return Sampled(z, arithmetic)

    noiseless = [r[0] if h else r for r, h in zip(raw, held, strict=True)]
    constants = [r for r, h in zip(raw, held, strict=True) if not h]
    count: Any = terms(labels, [o.shape for o in noiseless])
    if constants and count > 1:  # a term with a zero factor adds no error
        present = [
            np.ones(r.shape) if h else (r != 0).astype(float)
            for r, h in zip(noiseless, held, strict=True)
        ]
        count = contract(labels, present)
    z = arithmetic.contraction(
        z, noiseless, constants, lambda: contract(labels, [np.abs(o) for o in noiseless]), count
    )
    moved = len(operands) == 1 and np.max(count, initial=0) <= 1
    return Sampled(z, arithmetic, untouched=bool(moved) and untouched(operands))


@FUNCTIONS.entry(np.sum)
def total(
    a: Any, axis: Axes = None, *, keepdims: bool = False, initial: float = 0.0, where: Any = True
) -> Sampled:
    """A sum over the elements where ``where``."""
    axes = all_or(axis, np.ndim(a))
    arithmetic = arithmetic_of((a, where))
    x, chosen = _masked(a, where)
    z = np.sum(x, axes, keepdims=keepdims, where=chosen)
    z = z + initial if initial else z
    if z.dtype.kind != "f":
        return Sampled(z, arithmetic)

    def over_row(values: np.ndarray) -> np.ndarray:
        mask = chosen[0] if isinstance(where, Sampled) else chosen
        visible = tuple(i - 1 for i in axes)
        return np.sum(values, visible, keepdims=keepdims, where=mask)

    extra = 1 if initial else 0
    count: Any = extra + int(np.prod([x.shape[i] for i in axes], dtype=int))
    if where is not True:
        count = extra + over_row(np.ones(x.shape[1:], int))
    z = arithmetic.contraction(
        z, [x[0]], [], lambda: over_row(np.abs(x[0])) + abs(float(initial)), count
    )
    alone = bool(np.max(count, initial=0) <= 1)
    return Sampled(z, arithmetic, untouched=alone and untouched((a, where)))


@FUNCTIONS.entry(np.cumsum)
def cumsum(a: Any, axis: int | None = None) -> Sampled:
    """Running sums."""
    x: Any = a if axis is not None else np.ravel(a)
    along = shifted(axis or 0, x.ndim)
    z = np.cumsum(x.samples, along)
    lengths = np.arange(1, x.shape[along - 1] + 1)
    count = np.expand_dims(lengths, tuple(range(1, x.ndim - along + 1)))
    z = x.arithmetic.contraction(
        z, [x.samples[0]], [], lambda: np.cumsum(np.abs(x.samples[0]), along - 1), count
    )
    return Sampled(z, x.arithmetic)


@FUNCTIONS.entry(np.max, np.amax)
def largest(
    a: Any, axis: Axes = None, *, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Sampled:
    """The largest element."""
    return _extreme(np.max, a, axis, keepdims, initial, where)


@FUNCTIONS.entry(np.min, np.amin)
def smallest(
    a: Any, axis: Axes = None, *, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Sampled:
    """The smallest element."""
    return _extreme(np.min, a, axis, keepdims, initial, where)


def _extreme(
    function: Any, a: Any, axis: Axes, keepdims: bool, initial: Any, where: Any
) -> Sampled:
    axes, (x, chosen) = all_or(axis, np.ndim(a)), _masked(a, where)
    start = {} if initial is None else {"initial": initial}
    z = function(x, axes, keepdims=keepdims, where=chosen, **start)
    settled = untouched((a, where)) and not isinstance(where, Sampled)
    return Sampled(z, arithmetic_of((a, where)), untouched=settled)


def _masked(a: Any, where: Any) -> tuple[np.ndarray, Any]:
    """Rows of the values, and a mask that broadcasts against them."""
    if not isinstance(a, Sampled):
        values = np.broadcast_to(a, (len(where.samples), *np.shape(a)))
    else:
        values = a.samples
    return values, expanded(where.samples, np.ndim(a)) if isinstance(where, Sampled) else where


@FUNCTIONS.entry(np.any)
def any_of(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    """Whether any element is true, per sample."""
    return _truth(np.any, a, axis, keepdims)


@FUNCTIONS.entry(np.all)
def all_of(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    """Whether all elements are true, per sample."""
    return _truth(np.all, a, axis, keepdims)


def _truth(function: Any, a: Any, axis: Axes, keepdims: bool) -> Any:
    axes = all_or(axis, a.ndim)
    if a.untouched:
        return function(a.samples[:1], axes, keepdims=keepdims)[0]
    return Sampled(function(a.samples, axes, keepdims=keepdims), a.arithmetic)


@FUNCTIONS.entry(np.argmax)
def argmax(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Where the largest element is; decided once if the values are untouched."""
    return _position(np.argmax, a, axis, keepdims=keepdims)


@FUNCTIONS.entry(np.argmin)
def argmin(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Where the smallest element is; decided once if the values are untouched."""
    return _position(np.argmin, a, axis, keepdims=keepdims)


@FUNCTIONS.entry(np.argsort)
def argsort(a: Any, axis: int = -1, *, kind: str | None = None) -> Any:
    """The order of the elements; decided once if the values are untouched."""
    return _position(np.argsort, a, axis, kind=kind)


def _position(function: Any, a: Any, axis: int | None, **keywords: Any) -> Any:
    if a.untouched:
        return function(a.samples[0], axis, **keywords)
    if axis is None:
        flat = function(a.samples.reshape(len(a.samples), -1), 1)
        shape = (len(flat),) + (1,) * a.ndim * keywords.get("keepdims", False)
        return Sampled(flat.reshape(shape), a.arithmetic)
    return Sampled(function(a.samples, shifted(axis, a.ndim), **keywords), a.arithmetic)


@FUNCTIONS.entry(np.sort)
def sort(a: Any, axis: int = -1) -> Sampled:
    """The elements in order."""
    return a.like(np.sort(a.samples, shifted(axis, a.ndim)))


@FUNCTIONS.entry(np.take_along_axis)
def take_along_axis(arr: Any, indices: Any, axis: int = -1) -> Sampled:
    """Elements at ``indices``, which may differ between samples."""
    arithmetic = arithmetic_of((arr, indices))
    where = indices.samples if isinstance(indices, Sampled) else indices[None]
    rows = arr.samples if isinstance(arr, Sampled) else arr[None]
    n = max(len(rows), len(where))
    rows, where = (np.broadcast_to(x, (n, *x.shape[1:])) for x in (rows, where))
    picked = np.take_along_axis(rows, where, shifted(axis, np.ndim(arr)))
    settled = untouched((arr,)) and not isinstance(indices, Sampled)
    return Sampled(picked, arithmetic, untouched=settled)


@FUNCTIONS.entry(np.where)
def where(condition: Any, x: Any, y: Any) -> Any:
    """x where the condition holds in this sample, else y."""
    arithmetic = arithmetic_of((condition, x, y))
    if isinstance(condition, Sampled) and condition.dtype != bool:
        condition = condition != 0
    x, y = selectable(x, arithmetic), selectable(y, arithmetic)
    raw = aligned((condition, x, y))
    settled = untouched((x, y)) and not isinstance(condition, Sampled)
    if not any(isinstance(o, Sampled) for o in (condition, x, y)):
        return np.where(condition, x, y)
    return Sampled(np.where(*raw), arithmetic, untouched=settled)


@FUNCTIONS.entry(np.concatenate)
def concatenate(arrays: Sequence[Any], axis: int | None = 0) -> Sampled:
    """Arrays one after the other; plain ones are constants."""
    if axis is None:
        arrays, axis = [np.ravel(a) for a in arrays], 0
    rows, arithmetic, settled = _joined(arrays)
    z = np.concatenate(rows, shifted(axis, rows[0].ndim - 1))
    return Sampled(z, arithmetic, untouched=settled)


@FUNCTIONS.entry(np.stack)
def stack(arrays: Sequence[Any], axis: int = 0) -> Sampled:
    """Arrays side by side on a new axis; plain ones are constants."""
    rows, arithmetic, settled = _joined(arrays)
    return Sampled(np.stack(rows, shifted(axis, rows[0].ndim)), arithmetic, untouched=settled)


def _joined(arrays: Sequence[Any]) -> tuple[list[np.ndarray], Any, bool]:
    arithmetic = arithmetic_of(arrays)
    arrays = [selectable(np.asarray(a) if np.isscalar(a) else a, arithmetic) for a in arrays]
    n = next(len(a.samples) for a in arrays if isinstance(a, Sampled))
    rows = [
        a.samples if isinstance(a, Sampled) else np.broadcast_to(a, (n, *np.shape(a)))
        for a in arrays
    ]
    return rows, arithmetic, untouched(arrays)
