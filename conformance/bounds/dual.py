r"""``Dual``: a value and its derivatives along several directions at once (forward mode).

``value`` is an array or ``Sampled``; ``tangent`` likewise, with one more leading axis: shape
(directions, \*value.shape). The rules (operations.py, and below) are plain arithmetic on those,
with the *rounded* value where automatic differentiation would use it, so that on samples the
derivative's own arithmetic is noisy too. What is piecewise constant (a comparison, a floor, an
argmax) gives no Dual.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .composites import COMPOSITES
from .contraction import explicit, unused
from .layout import LAYOUT, all_or, expanded, getitem, shifted
from .methods import ArrayMethods, Refused, Table, name_of
from .operations import Operation
from .sampled import CONSTANT, Sampled, dispatched

Axes = int | Sequence[int] | None

DUALS = Table()
"""NumPy function -> implementation on dual numbers."""


class Dual(ArrayMethods):
    """See the module's docstring."""

    __slots__ = ("tangent", "value")
    dtype = np.dtype(np.float64)

    def __init__(self, value: Any, tangent: Any) -> None:
        self.value, self.tangent = value, tangent

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        """Shape of the value."""
        return np.shape(self.value)

    def __repr__(self) -> str:
        return f"Dual(shape={self.shape}, directions={len(self.tangent)})"

    def __getitem__(self, index: Any) -> Dual:
        return Dual(self.value[index], getitem(self.tangent, index))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *operands: Any, **keywords: Any) -> Any:
        if not all(isinstance(o, (Dual, Sampled, *CONSTANT)) for o in operands):
            return NotImplemented
        return dispatched(ufunc, method, operands, keywords, _apply)

    def __array_function__(self, function: Any, types: Any, args: Any, keywords: Any) -> Any:
        if function in COMPOSITES:
            return COMPOSITES.call(function, args, keywords)
        if function not in LAYOUT:
            return DUALS.call(function, args, keywords)
        x, *rest = args
        if not isinstance(x, Dual):
            raise Refused(f"{name_of(function)} with dual numbers only beside its first argument")
        value = function(x.value, *rest, **keywords)
        if function is np.pad:  # a constant has no derivative
            rest = rest[:2]
            keywords = {k: v for k, v in keywords.items() if k != "constant_values"}
        tangent = LAYOUT.call(function, (x.tangent, *rest), keywords)
        if isinstance(tangent, list):
            return [Dual(v, t) for v, t in zip(value, tangent, strict=True)]
        return Dual(value, tangent)


def value_of(x: Any) -> Any:
    """The value without its derivatives."""
    return x.value if isinstance(x, Dual) else x


def _apply(ufunc: np.ufunc, operation: Operation, operands: Sequence[Any]) -> Any:
    """An elementwise operation by its rule."""
    values = [value_of(o) for o in operands]
    y = ufunc(*values)
    if operation.derivative is None:
        return y
    rank = np.ndim(y)
    tangents = [expanded(o.tangent, rank) if isinstance(o, Dual) else None for o in operands]
    return Dual(y, _filled(operation.derivative(y, *values, *tangents), y))


def _filled(tangent: Any, value: Any) -> Any:
    """The tangent in the full shape of the value."""
    shape = (tangent.shape[0], *np.shape(value))
    return tangent if tangent.shape == shape else np.broadcast_to(tangent, shape)


def _directions(operands: Sequence[Any]) -> int:
    return next(len(o.tangent) for o in operands if isinstance(o, Dual))


@DUALS.entry(np.einsum)
def einsum(subscripts: str, *operands: Any, optimize: Any = None) -> Dual:
    """Product rule, one operand after the other."""
    labels = explicit(subscripts, tuple(np.ndim(o) for o in operands))
    hidden, values = unused(labels), [value_of(o) for o in operands]
    tangent = None
    for i, operand in enumerate(operands):
        if isinstance(operand, Dual):
            inputs = [hidden * (i == j) + term for j, term in enumerate(labels[0])]
            factors = [operand.tangent if i == j else v for j, v in enumerate(values)]
            part = np.einsum(f"{','.join(inputs)}->{hidden}{labels[1]}", *factors)
            tangent = part if tangent is None else tangent + part
    value = np.einsum(f"{','.join(labels[0])}->{labels[1]}", *values)
    return Dual(value, _filled(tangent, value))


@DUALS.entry(np.sum)
def total(
    a: Any, axis: Axes = None, *, keepdims: bool = False, initial: float = 0.0, where: Any = True
) -> Dual:
    """The sum of the tangents."""
    value = np.sum(a.value, axis, keepdims=keepdims, initial=initial, where=where)
    axes = all_or(axis, a.ndim)
    return Dual(value, np.sum(a.tangent, axes, keepdims=keepdims, where=where))


@DUALS.entry(np.cumsum)
def cumsum(a: Any, axis: int | None = None) -> Dual:
    """Running sums of the tangents."""
    a = a if axis is not None else np.ravel(a)
    tangent = np.cumsum(a.tangent, shifted(axis or 0, a.ndim))
    return Dual(np.cumsum(a.value, axis or 0), tangent)


@DUALS.entry(np.max, np.amax)
def largest(
    a: Any, axis: Axes = None, *, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Dual:
    """The tangent of the largest element; the mean of them if several are."""
    return _extreme(np.max, a, axis, keepdims, initial, where)


@DUALS.entry(np.min, np.amin)
def smallest(
    a: Any, axis: Axes = None, *, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Dual:
    """The tangent of the smallest element; the mean of them if several are."""
    return _extreme(np.min, a, axis, keepdims, initial, where)


def _extreme(function: Any, a: Any, axis: Axes, keepdims: bool, initial: Any, where: Any) -> Dual:
    start = {} if initial is None else {"initial": initial}
    value = function(a.value, axis, keepdims=True, where=where, **start)
    hit = (a.value == value) & where if where is not True else a.value == value
    count = np.sum(hit, axis, keepdims=keepdims)
    axes = all_or(axis, a.ndim)
    tangent = np.sum(a.tangent, axes, keepdims=keepdims, where=hit) / np.maximum(count, 1)
    if not keepdims:
        value = np.squeeze(value, tuple(i - 1 for i in axes))
    return Dual(value, tangent)


@DUALS.entry(np.sort)
def sort(a: Any, axis: int = -1) -> Any:
    """The tangents in the order of the values."""
    return np.take_along_axis(a, np.argsort(a.value, axis, kind="stable"), axis)


@DUALS.entry(np.take_along_axis)
def take_along_axis(arr: Any, indices: Any, axis: int = -1) -> Dual:
    """The tangents of the chosen elements."""
    value = np.take_along_axis(arr.value, indices, axis)
    lifted = np.expand_dims(indices, 0)
    return Dual(value, np.take_along_axis(arr.tangent, lifted, shifted(axis, arr.ndim)))


@DUALS.entry(np.where)
def where(condition: Any, x: Any, y: Any) -> Any:
    """The tangent of the branch taken; the other one may be anything."""
    condition = value_of(condition)
    value = np.where(condition, value_of(x), value_of(y))
    if not isinstance(x, Dual) and not isinstance(y, Dual):
        return value
    rank = np.ndim(value)
    tangents = [expanded(o.tangent, rank) if isinstance(o, Dual) else 0.0 for o in (x, y)]
    return Dual(value, _filled(np.where(condition, *tangents), value))


@DUALS.entry(np.concatenate)
def concatenate(arrays: Sequence[Any], axis: int | None = 0) -> Dual:
    """The tangents one after the other; those of constants are 0."""
    if axis is None:
        arrays, axis = [np.ravel(a) for a in arrays], 0
    value = np.concatenate([value_of(a) for a in arrays], axis)
    return Dual(value, np.concatenate(_tangents(arrays), shifted(axis, np.ndim(value))))


@DUALS.entry(np.stack)
def stack(arrays: Sequence[Any], axis: int = 0) -> Dual:
    """The tangents side by side; those of constants are 0."""
    value = np.stack([value_of(a) for a in arrays], axis)
    return Dual(value, np.stack(_tangents(arrays), shifted(axis, np.ndim(value))))


def _tangents(arrays: Sequence[Any]) -> list[Any]:
    n = _directions(arrays)
    return [a.tangent if isinstance(a, Dual) else np.zeros((n, *np.shape(a))) for a in arrays]


# ---- piecewise constant: decided on the value ----------------------------------------------------


@DUALS.entry(np.argmax)
def argmax(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:  # noqa: D103
    return np.argmax(a.value, axis, keepdims=keepdims)


@DUALS.entry(np.argmin)
def argmin(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:  # noqa: D103
    return np.argmin(a.value, axis, keepdims=keepdims)


@DUALS.entry(np.argsort)
def argsort(a: Any, axis: int = -1, *, kind: Any = None) -> Any:  # noqa: D103
    return np.argsort(a.value, axis, kind=kind)


@DUALS.entry(np.any)
def any_of(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:  # noqa: D103
    return np.any(a.value, axis, keepdims=keepdims)


@DUALS.entry(np.all)
def all_of(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:  # noqa: D103
    return np.all(a.value, axis, keepdims=keepdims)
