"""Exact derivatives of an oracle: forward-mode differentiation along many directions at once.

A ``Dual`` holds a value and its derivative along K directions, an array with one more axis in
front. An operation without a rule here raises NotSupported: no derivative is ever left out. Where
the derivative is a set (a tie of a maximum, 0 of an absolute value) the result is inside it.

A direction that does not move an element contributes 0 there, also where the slope is infinite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.lib.stride_tricks import sliding_window_view

from .answering import NotSupported
from .slopes import CONSTANT, SLOPES

CHUNK = 256
"""How many directions are carried at once."""


def gradients(
    function: Callable[[dict[str, Any]], tuple[Any, ...]],
    arguments: Mapping[str, np.ndarray],
    cotangents: Iterable[np.ndarray],
) -> dict[str, np.ndarray]:
    """Of Σ cotangent · output with respect to each of the arguments."""
    cotangents = [np.asarray(c, np.float64) for c in cotangents]
    sizes = [x.size for x in arguments.values()]
    total = sum(sizes)
    flat = np.zeros(total)
    for start in range(0, total, CHUNK):
        directions = np.eye(min(CHUNK, total - start), total, start)
        parts = np.split(directions, np.cumsum(sizes)[:-1], axis=1)
        duals = {
            name: Dual(x, part.reshape(-1, *x.shape))
            for (name, x), part in zip(arguments.items(), parts, strict=True)
        }
        with np.errstate(all="ignore"):
            for y, c in zip(function(duals), cotangents, strict=True):
                if isinstance(y, Dual):
                    terms = _times(c, y.slope).reshape(len(directions), -1)
                    flat[start : start + CHUNK] += terms.sum(1)
    grouped = np.split(flat, np.cumsum(sizes)[:-1])
    return {n: g.reshape(x.shape) for (n, x), g in zip(arguments.items(), grouped, strict=True)}


class Dual(NDArrayOperatorsMixin):
    """``value`` of any shape, and ``slope`` of shape (K, *value.shape)."""

    __array_priority__ = 1000

    def __init__(self, value: Any, slope: np.ndarray) -> None:
        self.value = np.asarray(value)
        self.slope = np.broadcast_to(slope, (len(slope), *self.value.shape))

    shape = property(lambda self: self.value.shape)
    ndim = property(lambda self: self.value.ndim)
    size = property(lambda self: self.value.size)
    dtype = property(lambda self: self.value.dtype)
    T = property(lambda self: self.transpose())

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, key: Any) -> Dual:
        return _each(lambda x: x[key], self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        if ufunc in CONSTANT:
            return getattr(ufunc, method)(*map(_value, inputs), **keywords)
        if method == "reduce" and ufunc in REDUCTIONS:
            return REDUCTIONS[ufunc](*inputs, **keywords)
        if method != "__call__" or keywords:
            raise NotSupported(f"no derivative of {ufunc.__name__}.{method} with {[*keywords]}")
        if ufunc is np.matmul:
            return _product(ufunc, *inputs)
        if ufunc not in SLOPES:
            raise NotSupported(f"no derivative of {ufunc.__name__}")
        values = [_value(x) for x in inputs]
        y = ufunc(*values)
        slope: Any = 0.0
        for x, partial in zip(inputs, SLOPES[ufunc], strict=True):
            if isinstance(x, Dual):
                slope = slope + _times(partial(y, *values), _aligned(x.slope, np.ndim(y)))
        return Dual(y, slope)

    def __array_function__(
        self, func: Callable, types: Iterable[type], args: Any, kwargs: Mapping[str, Any]
    ) -> Any:
        if func in FUNCTIONS:
            return FUNCTIONS[func](*args, **kwargs)
        if func in STRUCTURAL:
            return _each(func, *args, **kwargs)
        if func in VALUES_ONLY:
            return func(*map(_value, args), **kwargs)
        raise NotSupported(f"no derivative of {func.__name__}")

    def sum(self, axis: Any = None, *, keepdims: bool = False, **more: Any) -> Any:
        """The derivative of a sum is the sum of the derivatives."""
        return REDUCTIONS[np.add](self, axis, keepdims=keepdims, **more)

    def max(self, axis: Any = None, *, keepdims: bool = False, **more: Any) -> Any:
        """The largest element, with its derivative."""
        return REDUCTIONS[np.maximum](self, axis, keepdims=keepdims, **more)

    def min(self, axis: Any = None, *, keepdims: bool = False, **more: Any) -> Any:
        """The smallest element, with its derivative."""
        return REDUCTIONS[np.minimum](self, axis, keepdims=keepdims, **more)

    def mean(self, axis: Any = None, *, keepdims: bool = False, **more: Any) -> Any:
        """The mean, with the mean of the derivatives."""
        return _mean(self, axis, keepdims=keepdims, **more)

    def reshape(self, *shape: Any) -> Dual:
        """Value and derivative in the same new shape."""
        return _each(lambda x: x.reshape(*shape), self)

    def transpose(self, *axes: Any) -> Dual:
        """Value and derivative with the same order of axes."""
        return _each(lambda x: x.transpose(*axes), self)

    def ravel(self) -> Dual:
        """Value and derivative on one axis."""
        return self.reshape(-1)

    def astype(self, dtype: Any, **_: Any) -> Any:
        """Itself as a float; without a derivative as anything else."""
        return self if np.dtype(dtype).kind == "f" else self.value.astype(dtype)


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Dual) else x


def _times(factor: Any, slope: np.ndarray) -> np.ndarray:
    """The product; 0 where nothing moves, whatever the factor."""
    return np.where(slope == 0.0, 0.0, factor * slope)


def _aligned(slope: np.ndarray, ndim: int) -> np.ndarray:
    """Axes of length 1 behind the first, so that the others broadcast with ``ndim`` axes."""
    return slope.reshape(len(slope), *(1,) * (ndim + 1 - slope.ndim), *slope.shape[1:])


def _each(func: Callable, *args: Any, **kwargs: Any) -> Any:
    """A function that only moves elements: the same of value and of each slope.

    Constants among what is moved (members of a list of arrays) have slope 0.
    """
    moved, *how = args
    together = isinstance(moved, list | tuple)
    parts = [x if isinstance(x, Dual) else None for x in (moved if together else [moved])]
    values = [_value(x) for x in (moved if together else [moved])]
    count = next(len(x.slope) for x in parts if x is not None)

    def apply(arrays: list[Any]) -> Any:
        return func(arrays if together else arrays[0], *how, **kwargs)

    still = [np.zeros(np.shape(v)) for v in values]
    value = apply(values)
    slopes = [
        apply([z if x is None else x.slope[k] for x, z in zip(parts, still, strict=True)])
        for k in range(count)
    ]
    if isinstance(value, list | tuple):
        pairs = zip(value, zip(*slopes, strict=True), strict=True)
        return [Dual(v, np.stack(s)) for v, s in pairs]
    return Dual(value, np.stack(slopes))


def _product(func: Callable, *factors: Any) -> Dual:
    """A function linear in each of its arrays: the product rule."""
    values = [_value(x) for x in factors]
    count = next(len(x.slope) for x in factors if isinstance(x, Dual))
    y = func(*values)
    slope = np.zeros((count, *np.shape(y)))
    for place, x in enumerate(factors):
        if isinstance(x, Dual):
            for k in np.flatnonzero(x.slope.reshape(count, -1).any(1)):
                slope[k] += func(*values[:place], x.slope[k], *values[place + 1 :])
    return Dual(y, slope)


def _axes(axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes of the value as axes of the slope."""
    if axis is None:
        return tuple(range(1, ndim + 1))
    return tuple(a % ndim + 1 for a in ((axis,) if isinstance(axis, int | np.integer) else axis))


def _sum(x: Dual, axis: Any = 0, **more: Any) -> Dual:
    _refuse(more, "keepdims", "where", "initial")
    value = np.add.reduce(x.value, axis=axis, **more)
    more.pop("initial", None)
    return Dual(value, np.add.reduce(x.slope, axis=_axes(axis, x.ndim), **more))


def _refuse(keywords: dict[str, Any], *known: str) -> None:
    for name, value in keywords.items():
        if name not in known and value is not None:
            raise NotSupported(f"no derivative of a reduction with {name}")
    for name in ("dtype", "out"):
        keywords.pop(name, None)


def _mean(x: Dual, axis: Any = None, *, keepdims: bool = False, where: Any = True) -> Any:
    count = np.broadcast_to(where, x.shape).sum(axis, keepdims=keepdims)
    return _sum(x, axis, keepdims=keepdims, where=where) / count


def _extreme(ufunc: np.ufunc) -> Callable[..., Dual]:
    """Reduction by maximum or minimum: the slope of the element taken, of several their mean."""

    def reduce(
        x: Dual,
        axis: Any = 0,
        *,
        keepdims: bool = False,
        **more: Any,
    ) -> Dual:
        _refuse(more, "where", "initial")
        top = ufunc.reduce(x.value, axis=axis, keepdims=True, **more)
        taken = (x.value == top) & np.broadcast_to(more.get("where", True), x.shape)
        share = taken / np.maximum(taken.sum(axis, keepdims=True), 1)
        slope = _times(share, x.slope).sum(_axes(axis, x.ndim), keepdims=keepdims)
        return Dual(ufunc.reduce(x.value, axis=axis, keepdims=keepdims, **more), slope)

    return reduce


def _where(condition: Any, a: Any, b: Any) -> Any:
    condition = _value(condition)
    y = np.where(condition, _value(a), _value(b))
    slopes = [_aligned(x.slope, y.ndim) if isinstance(x, Dual) else 0.0 for x in (a, b)]
    return Dual(y, np.where(condition, *slopes)) if np.ndim(slopes[0]) + np.ndim(slopes[1]) else y


def _clip(x: Any, low: Any = None, high: Any = None) -> Any:
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def _pad(x: Dual, width: Any, mode: Any = "constant", **more: Any) -> Dual:
    pad: Any = np.pad
    value = pad(x.value, width, mode, **more)
    more.pop("constant_values", None)
    return Dual(value, np.stack([pad(slope, width, mode, **more) for slope in x.slope]))


def _einsum(pattern: str, *factors: Any, **_: Any) -> Dual:
    return _product(lambda *values: np.einsum(pattern, *values), *factors)


REDUCTIONS = {
    np.add: _sum,
    np.maximum: _extreme(np.maximum),
    np.minimum: _extreme(np.minimum),
}

FUNCTIONS: dict[Callable, Callable] = {
    np.where: _where,
    np.clip: _clip,
    np.pad: _pad,
    np.einsum: _einsum,
    np.sum: Dual.sum,
    np.max: Dual.max,
    np.min: Dual.min,
    np.mean: _mean,
    np.dot: lambda a, b: _product(np.dot, a, b),
    np.tensordot: lambda a, b, axes=2: _product(lambda u, v: np.tensordot(u, v, axes), a, b),
}

STRUCTURAL = {
    *(np.reshape, np.transpose, np.moveaxis, np.swapaxes, np.squeeze, np.expand_dims, np.ravel),
    *(np.broadcast_to, np.concatenate, np.stack, np.split, np.array_split, np.repeat, np.tile),
    *(np.flip, np.roll, np.take, np.take_along_axis, np.rot90, np.diagonal, sliding_window_view),
}
"""Functions that only move elements of their first argument (an array or a list of arrays)."""

VALUES_ONLY = {np.zeros_like, np.ones_like, np.full_like, np.shape, np.ndim, np.size, np.argmax}
"""Functions that have no derivative."""
