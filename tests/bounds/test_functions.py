"""Every NumPy function of the tables: on samples it is NumPy row by row, on dual numbers its
derivative is what differences of NumPy's own results show.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from layerproof.conformance.bounds.composites import COMPOSITES
from layerproof.conformance.bounds.dual import DUALS, Dual
from layerproof.conformance.bounds.layout import LAYOUT
from layerproof.conformance.bounds.sampled import FUNCTIONS, Sampled

from .samples import noiseless, rows_of

ROWS = 3
KEEP = np.array([[True, False, True, True], [True, True, False, True], [False, True, True, True]])
HALF_STEP = 2.0**-12

# A call takes x of shape (2, 3, 4) and y of shape (4, 3), whose elements differ from each other and
# from 0 by more than the step of the differences.
CALLS: dict[Any, list[Any]] = {
    np.reshape: [
        lambda x, y: np.reshape(x, (4, -1)),
        lambda x, y: x.reshape(3, 8),
        lambda x, y: x.reshape((2, 12)),
        lambda x, y: x.reshape(-1),
        lambda x, y: x.flatten(),
    ],
    np.ravel: [lambda x, y: np.ravel(x), lambda x, y: x.ravel()],
    np.transpose: [
        lambda x, y: np.transpose(x),
        lambda x, y: np.transpose(x, (1, 2, 0)),
        lambda x, y: x.transpose(0, 2, 1),
        lambda x, y: x.transpose((-1, 0, 1)),
        lambda x, y: x.T,
    ],
    np.moveaxis: [
        lambda x, y: np.moveaxis(x, 0, -1),
        lambda x, y: np.moveaxis(x, (-1, 0), (0, 1)),
    ],
    np.swapaxes: [lambda x, y: np.swapaxes(x, 0, -1), lambda x, y: x.swapaxes(1, 2)],
    np.expand_dims: [
        lambda x, y: np.expand_dims(x, 0),
        lambda x, y: np.expand_dims(x, -1),
        lambda x, y: np.expand_dims(x, (0, -2)),
    ],
    np.squeeze: [
        lambda x, y: np.squeeze(x[:1, :, :1]),
        lambda x, y: np.squeeze(x[:, :1], axis=1),
        lambda x, y: x[:1].squeeze(0),
    ],
    np.broadcast_to: [
        lambda x, y: np.broadcast_to(y, (5, 4, 3)),
        lambda x, y: np.broadcast_to(x[:, :1], (2, 3, 4)),
    ],
    np.broadcast_arrays: [lambda x, y: np.broadcast_arrays(x, y.T)[1]],
    np.pad: [
        lambda x, y: np.pad(x, 1),
        lambda x, y: np.pad(x, (1, 2), constant_values=7.0),
        lambda x, y: np.pad(x, [(0, 0), (1, 2), (0, 1)], mode="constant", constant_values=-np.inf),
        lambda x, y: np.pad(x, ((0, 0), (1, 1), (2, 0)), mode="edge"),
        lambda x, y: np.pad(x, ((0, 0), (1, 1), (2, 0)), mode="reflect"),
        lambda x, y: np.pad(x, ((0, 0), (1, 1), (2, 0)), mode="symmetric"),
        lambda x, y: np.pad(x, ((0, 0), (1, 1), (2, 0)), mode="wrap"),
    ],
    np.repeat: [
        lambda x, y: np.repeat(x, 2, axis=-1),
        lambda x, y: np.repeat(x, [1, 3, 0], axis=1),
        lambda x, y: np.repeat(y, 2),
        lambda x, y: x.repeat(2, 0),
    ],
    np.tile: [
        lambda x, y: np.tile(y, 2),
        lambda x, y: np.tile(y, (2, 1, 3)),
        lambda x, y: np.tile(x, (2, 1)),
    ],
    np.flip: [
        lambda x, y: np.flip(x),
        lambda x, y: np.flip(x, -1),
        lambda x, y: np.flip(x, axis=(0, 2)),
    ],
    np.roll: [
        lambda x, y: np.roll(x, 2),
        lambda x, y: np.roll(x, 1, axis=-1),
        lambda x, y: np.roll(x, (1, 2), axis=(0, 2)),
    ],
    np.take: [
        lambda x, y: np.take(x, [2, 0, 0], axis=1),
        lambda x, y: np.take(x, np.array([[0, 3], [1, 1]]), axis=-1),
        lambda x, y: np.take(y, [5, 1]),
        lambda x, y: x.take(np.array([1]), 0),
    ],
    np.diagonal: [
        lambda x, y: np.diagonal(y),
        lambda x, y: np.diagonal(x, 1, -2, -1),
        lambda x, y: x.diagonal(axis1=0, axis2=2),
    ],
    sliding_window_view: [
        lambda x, y: sliding_window_view(x, (2, 3), axis=(1, 2)),
        lambda x, y: sliding_window_view(y, (2, 2)),
        lambda x, y: sliding_window_view(y, 2, axis=-1),
    ],
    np.split: [
        lambda x, y: np.split(x, 2, axis=-1)[1],
        lambda x, y: np.split(x, [1], axis=1)[1],
    ],
    np.array_split: [lambda x, y: np.array_split(x, 2, axis=1)[0]],
    np.concatenate: [
        lambda x, y: np.concatenate([x, x * 2.0], axis=-1),
        lambda x, y: np.concatenate((x[0].T, y, np.ones((1, 3)))),
        lambda x, y: np.concatenate([x, y], axis=None),
    ],
    np.stack: [
        lambda x, y: np.stack([y, np.zeros((4, 3)), x[1].T]),
        lambda x, y: np.stack([y, y + 1.0], axis=-1),
    ],
    np.where: [
        lambda x, y: np.where(x > 0.0, x, 2.0),
        lambda x, y: np.where(KEEP, 0.0, x),
        lambda x, y: np.where(x[0] < y.T, x, y.T),
        lambda x, y: np.where(x > 0.0, 1.0, 0.0),
    ],
    np.select: [lambda x, y: np.select([x > 1.0, x > 0.0], [x * x, 3.0], default=-1.0)],
    np.take_along_axis: [
        lambda x, y: np.take_along_axis(x, np.argmax(x, axis=1, keepdims=True), axis=1),
        lambda x, y: np.take_along_axis(y, np.array([[0, 2], [1, 1], [0, 0], [2, 1]]), axis=-1),
    ],
    np.sort: [lambda x, y: np.sort(x), lambda x, y: np.sort(x, axis=0)],
    np.argsort: [
        lambda x, y: np.argsort(x),
        lambda x, y: x.argsort(axis=1),
        lambda x, y: np.argsort(x, axis=0, kind="stable"),
    ],
    np.argmax: [
        lambda x, y: np.argmax(x),
        lambda x, y: x.argmax(-1),
        lambda x, y: np.argmax(x, axis=1, keepdims=True),
        lambda x, y: np.argmax(x, keepdims=True),
    ],
    np.argmin: [lambda x, y: np.argmin(x), lambda x, y: x.argmin(axis=0, keepdims=True)],
    np.any: [
        lambda x, y: np.any(x > 1.0),
        lambda x, y: (x > 0.0).any(axis=(0, -1)),
        lambda x, y: np.any(x > 0.0, axis=1, keepdims=True),
        lambda x, y: np.any(x, axis=1),
    ],
    np.all: [
        lambda x, y: np.all(x > -9.0),
        lambda x, y: (x > 0.0).all(-1),
        lambda x, y: np.all(x, axis=0, keepdims=True),
    ],
    np.sum: [
        lambda x, y: np.sum(x),
        lambda x, y: x.sum(-1),
        lambda x, y: np.sum(x, axis=(0, 2), keepdims=True),
        lambda x, y: np.sum(x, axis=1, initial=3.0),
        lambda x, y: x.sum((0, 1), where=KEEP),
        lambda x, y: np.sum(x, axis=-1, keepdims=True, where=x > 0.0),
        lambda x, y: np.sum(x, axis=-1, where=KEEP, initial=0.5),
        lambda x, y: np.add.reduce(x),
        lambda x, y: np.add.reduce(x, axis=(0, 1), keepdims=True),
        lambda x, y: (x > 0.0).sum(0),
    ],
    np.mean: [
        lambda x, y: np.mean(x),
        lambda x, y: x.mean((0, -1), keepdims=True),
        lambda x, y: np.mean(x, axis=1, where=KEEP),
        lambda x, y: np.mean(x, axis=-1, where=(x > 0.0) | KEEP),
    ],
    np.var: [
        lambda x, y: np.var(x),
        lambda x, y: x.var(axis=-1, ddof=1),
        lambda x, y: np.var(x, axis=(0, 1), keepdims=True),
    ],
    np.std: [lambda x, y: np.std(x, axis=1), lambda x, y: x.std(-1, ddof=1, keepdims=True)],
    np.prod: [
        lambda x, y: np.prod(y),
        lambda x, y: x.prod(axis=-1),
        lambda x, y: np.prod(x, axis=(0, 2), keepdims=True),
        lambda x, y: np.multiply.reduce(x),
    ],
    np.max: [
        lambda x, y: np.max(x),
        lambda x, y: x.max(-1, keepdims=True),
        lambda x, y: np.max(x, axis=(0, 2)),
        lambda x, y: np.max(x, axis=1, initial=0.5),
        lambda x, y: np.max(x, axis=1, where=KEEP, initial=-9.0),
        lambda x, y: np.maximum.reduce(x, axis=1),
    ],
    np.min: [
        lambda x, y: np.min(x),
        lambda x, y: x.min(axis=(1, 2), keepdims=True),
        lambda x, y: np.min(x, axis=-1, where=KEEP, initial=0.25),
        lambda x, y: np.minimum.reduce(x, axis=-1),
    ],
    np.amax: [lambda x, y: np.amax(x, axis=0)],
    np.amin: [lambda x, y: np.amin(x, axis=0)],
    np.cumsum: [
        lambda x, y: np.cumsum(y),
        lambda x, y: x.cumsum(axis=1),
        lambda x, y: np.cumsum(x, axis=-1),
    ],
    np.einsum: [
        lambda x, y: np.einsum("bij,jk->bik", x, y),
        lambda x, y: np.einsum("...ij,jk", x, y),
        lambda x, y: np.einsum("bij,bij->b", x, x),
        lambda x, y: np.einsum("bij->bji", x),
        lambda x, y: np.einsum("bij->j", x),
        lambda x, y: np.einsum("ij,ji->", x[0], y),
        lambda x, y: np.einsum("ij,kl->ikjl", x[0], y),
        lambda x, y: np.einsum("ii->i", y[:3]),
        lambda x, y: np.einsum("bij,jk,bkl->bil", x, y, x, optimize=True),
        lambda x, y: np.einsum("...j,...j->...", x, y.T),
        lambda x, y: np.einsum("bij,bkj->bik", x, np.ones((2, 5, 4))),
        lambda x, y: np.einsum("bij,ck->bc", x, y),
    ],
    np.matmul: [
        lambda x, y: x @ y,
        lambda x, y: y @ x,
        lambda x, y: x @ y[:, 0],
        lambda x, y: y[0] @ x,
        lambda x, y: y[:, 1] @ y[:, 2],
        lambda x, y: x @ np.transpose(x, (0, 2, 1)),
        lambda x, y: np.ones((2, 1, 3)) @ x,
        lambda x, y: x[:, None] @ np.stack([y, y * 2.0]),
    ],
    np.dot: [
        np.dot,
        lambda x, y: np.dot(x, y[:, 0]),
        lambda x, y: np.dot(2.0, x),
    ],
    np.inner: [lambda x, y: np.inner(x, y.T)],
    np.vdot: [lambda x, y: np.vdot(x[0], y)],
    np.outer: [lambda x, y: np.outer(x[0], y)],
    np.tensordot: [
        lambda x, y: np.tensordot(x, y, 1),
        lambda x, y: np.tensordot(x, y, axes=([1, 2], [1, 0])),
        lambda x, y: np.tensordot(x, y, axes=(-1, 0)),
    ],
    np.clip: [
        lambda x, y: np.clip(x, -1.0, 0.75),
        lambda x, y: x.clip(0.25, None),
        lambda x, y: np.clip(x, None, a_max=0.0),
    ],
    np.round: [lambda x, y: np.round(x), lambda x, y: x.round()],
    np.linalg.norm: [
        lambda x, y: np.linalg.norm(x),
        lambda x, y: np.linalg.norm(x, axis=-1, keepdims=True),
        lambda x, y: np.linalg.norm(x, ord=1, axis=1),
        lambda x, y: np.linalg.norm(x, 2, axis=0),
    ],
    np.trace: [lambda x, y: np.trace(y), lambda x, y: x.trace(1, 1, 2)],
    np.tril: [lambda x, y: np.tril(x), lambda x, y: np.tril(x, -1)],
    np.triu: [lambda x, y: np.triu(x), lambda x, y: np.triu(y, 1)],
    np.diff: [lambda x, y: np.diff(x), lambda x, y: np.diff(x, n=2, axis=1)],
    np.count_nonzero: [
        lambda x, y: np.count_nonzero(np.maximum(x, 0.0), axis=1),
        lambda x, y: np.count_nonzero(np.maximum(x, 0.0), axis=(0, 2), keepdims=True),
    ],
    np.shape: [lambda x, y: np.shape(x)],
    np.ndim: [lambda x, y: np.ndim(x)],
    np.size: [lambda x, y: np.size(x), lambda x, y: np.size(x, 1), lambda x, y: x.size],
    np.zeros_like: [lambda x, y: np.zeros_like(x), lambda x, y: np.zeros_like(x, dtype=bool)],
    np.ones_like: [lambda x, y: np.ones_like(x), lambda x, y: np.ones_like(x, dtype=int)],
    np.full_like: [lambda x, y: np.full_like(x, 0.5)],
    "indexing": [
        lambda x, y: x[1],
        lambda x, y: x[..., None, ::2],
        lambda x, y: x[:, [2, 0]],
        lambda x, y: x[:, KEEP],
        lambda x, y: x[1, :, [0, 3, 3]],
        lambda x, y: x[[0, 1], :, [2, 3]],
        lambda x, y: x[np.array([[0], [1]]), [0, 2]],
        lambda x, y: x[0, KEEP],
        lambda x, y: next(iter(y)),
        lambda x, y: y[::-1, -1],
    ],
    "methods": [
        lambda x, y: x.copy(),
        lambda x, y: x.astype(np.float64),
        lambda x, y: (x - 1.0).astype(bool),
        lambda x, y: (x > 0.0).astype(np.float64) * x,
        lambda x, y: len(x) * x,
        lambda x, y: (x * 1.0).dot(y) if not isinstance(x, np.ndarray) else np.dot(x, y),
    ],
}
NUMBERED = [(name, i) for name, calls in CALLS.items() for i in range(len(calls))]
IDS = [f"{getattr(name, '__name__', name)}-{i}" for name, i in NUMBERED]


def distinct(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    """Multiples of 1/8 that are all different, none of them 0: differences stay on one side."""
    n = int(np.prod(shape))
    values = np.random.default_rng(seed).permutation(np.arange(-n, n))[:n] * 0.125 + 0.0625
    return values.reshape(shape)


X = distinct(1, (ROWS, 2, 3, 4))
Y = distinct(2, (ROWS, 4, 3)) + 0.03125


def test_every_function_of_the_tables_has_a_case() -> None:
    assert set(CALLS) >= {*LAYOUT, *FUNCTIONS, *DUALS, *COMPOSITES, np.matmul}


@pytest.mark.parametrize(("name", "i"), NUMBERED, ids=IDS)
def test_on_samples_it_is_numpy_row_by_row(name: Any, i: int) -> None:
    call = CALLS[name][i]
    rows = rows_of(call(noiseless(X), noiseless(Y)), ROWS)
    each = [np.asarray(call(x, y)) for x, y in zip(X, Y, strict=True)]
    assert rows.dtype == each[0].dtype
    np.testing.assert_allclose(rows, each, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(("name", "i"), NUMBERED, ids=IDS)
def test_its_derivative_is_the_difference_quotient(name: Any, i: int) -> None:
    call, x, y = CALLS[name][i], X[0], Y[0]
    dx, dy = distinct(3, (2, *x.shape)) / 2.0, distinct(4, (2, *y.shape)) / 2.0
    result = call(Dual(x, dx), Dual(y, dy))
    np.testing.assert_array_equal(getattr(result, "value", result), np.asarray(call(x, y)))
    for k in range(2):
        slope = quotient(call, x, y, dx[k], dy[k])
        got = result.tangent[k] if isinstance(result, Dual) else np.zeros(np.shape(result))
        finite = np.isfinite(np.asarray(call(x, y)))
        np.testing.assert_allclose(got[finite], slope[finite], rtol=1e-8, atol=1e-8)
        assert not np.any(got[~finite])


@pytest.mark.parametrize(("name", "i"), NUMBERED, ids=IDS)
def test_samples_and_directions_nest(name: Any, i: int) -> None:
    call = CALLS[name][i]
    dx, dy = distinct(3, (ROWS, 2, *X.shape[1:])), distinct(4, (ROWS, 2, *Y.shape[1:]))
    result = call(Dual(noiseless(X), noiseless(dx)), Dual(noiseless(Y), noiseless(dy)))
    for k in range(ROWS):
        alone = call(Dual(X[k], dx[k]), Dual(Y[k], dy[k]))
        assert isinstance(alone, Dual) == isinstance(result, Dual)
        if isinstance(alone, Dual):
            for part in ("value", "tangent"):
                rows = rows_of(getattr(result, part), ROWS)
                np.testing.assert_allclose(rows[k], getattr(alone, part), rtol=1e-12, atol=1e-13)
        else:
            np.testing.assert_array_equal(rows_of(result, ROWS)[k], alone)


@pytest.mark.parametrize(("name", "i"), NUMBERED, ids=IDS)
def test_mixed_with_plain_arrays(name: Any, i: int) -> None:
    call = CALLS[name][i]
    for x, y in ((noiseless(X), Y[0]), (X[0], noiseless(Y))):
        rows = rows_of(call(x, y), ROWS)
        each = [
            np.asarray(call(*(a.samples[k] if isinstance(a, Sampled) else a for a in (x, y))))
            for k in range(ROWS)
        ]
        np.testing.assert_allclose(rows, each, rtol=1e-13, atol=1e-14)


def quotient(call: Any, x: Any, y: Any, dx: Any, dy: Any) -> np.ndarray:
    """Central differences at two steps, extrapolated: exact for cubics, and piecewise."""

    def central(h: float) -> np.ndarray:
        after, before = call(x + h * dx, y + h * dy), call(x - h * dx, y - h * dy)
        if np.asarray(after).dtype.kind != "f":
            assert np.array_equal(after, before)
            return np.zeros(np.shape(after))
        return (np.asarray(after) - before) / (2.0 * h)

    with np.errstate(invalid="ignore"):
        return (4.0 * central(HALF_STEP) - central(2.0 * HALF_STEP)) / 3.0
