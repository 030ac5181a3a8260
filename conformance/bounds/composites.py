"""Functions made of other functions in the tables, for samples and dual numbers alike."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod as product
from string import ascii_letters
from typing import Any

import numpy as np

from .layout import all_or
from .methods import Refused, Table

Axes = int | Sequence[int] | None

COMPOSITES = Table()
"""NumPy function -> the same in terms of others."""


@COMPOSITES.entry(np.mean)
def mean(a: Any, axis: Axes = None, *, keepdims: bool = False, where: Any = True) -> Any:
    """Sum divided by the count."""
    total = np.sum(a, axis, keepdims=keepdims, where=where)
    if where is True:
        return total / product(a.shape[i - 1] for i in all_or(axis, a.ndim))
    counted = np.broadcast_to(where, a.shape)
    return total / np.sum(counted, axis, keepdims=keepdims)


@COMPOSITES.entry(np.var)
def var(a: Any, axis: Axes = None, *, ddof: int = 0, keepdims: bool = False) -> Any:
    """Mean square deviation from the mean."""
    deviation = a - np.mean(a, axis, keepdims=True)
    squares = np.sum(deviation * deviation, axis, keepdims=keepdims)
    return squares / (product(a.shape[i - 1] for i in all_or(axis, a.ndim)) - ddof)


@COMPOSITES.entry(np.std)
def std(a: Any, axis: Axes = None, *, ddof: int = 0, keepdims: bool = False) -> Any:
    """Square root of the variance."""
    return np.sqrt(np.var(a, axis, ddof=ddof, keepdims=keepdims))


@COMPOSITES.entry(np.prod)
def prod(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    """One multiplication after the other."""
    axes = tuple(i - 1 for i in all_or(axis, a.ndim))
    kept = tuple(i for i in range(a.ndim) if i not in axes)
    shape = tuple(a.shape[i] for i in kept)
    factors = np.reshape(np.transpose(a, (*axes, *kept)), (-1, *shape))
    result: Any = np.ones(shape)
    for factor in factors:
        result = factor * result
    return np.expand_dims(result, axes) if keepdims else result


@COMPOSITES.entry(np.clip)
def clip(a: Any, a_min: Any = None, a_max: Any = None) -> Any:
    """The smaller of a_max and the larger of a and a_min."""
    a = a if a_min is None else np.maximum(a, a_min)
    return a if a_max is None else np.minimum(a, a_max)


@COMPOSITES.entry(np.round)
def rounded(a: Any, decimals: int = 0) -> Any:
    """To the nearest integer, ties to even."""
    if decimals:
        raise Refused("numpy.round(decimals=…) is not in the bounds engine's table")
    return np.rint(a)


@COMPOSITES.entry(np.linalg.norm)
def norm(x: Any, ord: int | None = None, axis: Any = None, *, keepdims: bool = False) -> Any:
    """Euclidean (None, 2) or sum (1) norm along one axis, or Euclidean over all."""
    if not (ord is None or (ord in (1, 2) and (isinstance(axis, int) or x.ndim == 1))):
        raise Refused(f"numpy.linalg.norm(ord={ord!r}, axis={axis!r}) is not in the table")
    if ord == 1:
        return np.sum(np.abs(x), axis, keepdims=keepdims)
    return np.sqrt(np.sum(x * x, axis, keepdims=keepdims))


@COMPOSITES.entry(np.trace)
def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Sum of the diagonal."""
    return np.sum(np.diagonal(a, offset, axis1, axis2), -1)


@COMPOSITES.entry(np.tril)
def tril(m: Any, k: int = 0) -> Any:
    """The lower triangle."""
    return np.where(np.tri(m.shape[-2], m.shape[-1], k, dtype=bool), m, 0.0)


@COMPOSITES.entry(np.triu)
def triu(m: Any, k: int = 0) -> Any:
    """The upper triangle."""
    return np.where(np.tri(m.shape[-2], m.shape[-1], k - 1, dtype=bool), 0.0, m)


@COMPOSITES.entry(np.diff)
def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    """Differences of neighbours, n times."""
    for _ in range(n):
        a = np.moveaxis(a, axis, 0)
        a = np.moveaxis(a[1:] - a[:-1], 0, axis)
    return a


@COMPOSITES.entry(np.count_nonzero)
def count_nonzero(a: Any, axis: Axes = None, *, keepdims: bool = False) -> Any:
    """How many elements differ from 0."""
    return np.sum(a != 0, axis, keepdims=keepdims)


@COMPOSITES.entry(np.select)
def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0.0) -> Any:
    """The first choice whose condition holds."""
    result = default
    for condition, choice in list(zip(condlist, choicelist, strict=True))[::-1]:
        result = np.where(condition, choice, result)
    return result


@COMPOSITES.entry(np.broadcast_arrays)
def broadcast_arrays(*args: Any) -> tuple[Any, ...]:
    """Every array in the common shape."""
    shape = np.broadcast_shapes(*(np.shape(a) for a in args))
    return tuple(np.broadcast_to(a, shape) for a in args)


# ---- facts about an array, and constants made from them ------------------------------------------


@COMPOSITES.entry(np.shape)
def shape(a: Any) -> tuple[int, ...]:  # noqa: D103
    return a.shape


@COMPOSITES.entry(np.ndim)
def ndim(a: Any) -> int:  # noqa: D103
    return a.ndim


@COMPOSITES.entry(np.size)
def size(a: Any, axis: int | None = None) -> int:  # noqa: D103
    return a.size if axis is None else a.shape[axis]


@COMPOSITES.entry(np.zeros_like)
def zeros_like(a: Any, dtype: Any = None) -> np.ndarray:  # noqa: D103
    return np.zeros(a.shape, dtype or a.dtype)


@COMPOSITES.entry(np.ones_like)
def ones_like(a: Any, dtype: Any = None) -> np.ndarray:  # noqa: D103
    return np.ones(a.shape, dtype or a.dtype)


@COMPOSITES.entry(np.full_like)
def full_like(a: Any, fill_value: Any, dtype: Any = None) -> np.ndarray:  # noqa: D103
    return np.full(a.shape, fill_value, dtype or a.dtype)


# ---- products: all of them are einsum ------------------------------------------------------------


def matmul(a: Any, b: Any) -> Any:
    """``a @ b``."""
    rows, columns = min(np.ndim(a), 2), min(np.ndim(b), 2)
    left, right = ("", "i", "...ij")[rows], ("", "j", "...jk")[columns]
    if rows == 1:
        left = "j"
    stacked = "..." if 2 in (rows, columns) else ""
    output = stacked + "i" * (rows == 2) + "k" * (columns == 2)
    return np.einsum(f"{left},{right}->{output}", a, b)


@COMPOSITES.entry(np.dot)
def dot(a: Any, b: Any) -> Any:
    """Sum over the last axis of a and the last but one of b."""
    if not np.ndim(a) or not np.ndim(b):
        return a * b
    return np.tensordot(a, b, (-1, max(np.ndim(b) - 2, 0)))


@COMPOSITES.entry(np.inner)
def inner(a: Any, b: Any) -> Any:
    """Sum over both last axes."""
    return np.tensordot(a, b, (-1, -1))


@COMPOSITES.entry(np.vdot)
def vdot(a: Any, b: Any) -> Any:
    """Sum over all elements."""
    return np.einsum("i,i->", np.ravel(a), np.ravel(b))


@COMPOSITES.entry(np.outer)
def outer(a: Any, b: Any) -> Any:
    """Every product of an element of a and one of b."""
    return np.einsum("i,j->ij", np.ravel(a), np.ravel(b))


@COMPOSITES.entry(np.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """Sum over the given pairs of axes."""
    if isinstance(axes, int):
        axes = (tuple(range(np.ndim(a) - axes, np.ndim(a))), tuple(range(axes)))
    over = [[x] if isinstance(x, int | np.integer) else list(x) for x in axes]
    left = list(ascii_letters[: np.ndim(a)])
    right = list(ascii_letters[np.ndim(a) : np.ndim(a) + np.ndim(b)])
    for i, j in zip(*over, strict=True):
        right[j] = left[i]
    output = [c for c in left + right if (c in left) != (c in right)]
    return np.einsum(f"{''.join(left)},{''.join(right)}->{''.join(output)}", a, b)
