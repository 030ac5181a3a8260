"""Oracles of many shapes for the engine's own tests, and arguments for them from a generator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import erf, erfc

Arguments = Mapping[str, Any]


def sigmoid(x: Any) -> Any:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0.0, 1.0, e) / (1.0 + e)


def softmax(x: Any, axis: int = -1) -> Any:
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def gelu(x: Any) -> Any:
    t = x / sqrt(2.0)
    return 0.5 * x * np.where(x < 0.0, erfc(-np.minimum(t, 0.0)), 1.0 + erf(np.maximum(t, 0.0)))


def softplus(x: Any) -> Any:
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


ELEMENTWISE: dict[str, Callable[[Any], Any]] = {
    "gelu": gelu,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "silu": lambda x: x * sigmoid(x),
    "tanh": np.tanh,
    "mish": lambda x: x * np.tanh(softplus(x)),
    "elu": lambda x: np.where(x > 0.0, x, 0.3 * np.expm1(np.minimum(x, 0.0))),
    "hard_sigmoid": lambda x: np.clip(x / 6.0 + 0.5, 0.0, 1.0),
    "softsign": lambda x: x / (1.0 + np.abs(x)),
    "relu": lambda x: np.where(x >= 0.3, x, 0.1 * (x - 0.3)),
}


def dense(a: Arguments) -> tuple[Any, ...]:
    return (a["x"] @ a["kernel"] + a["bias"],)


def layernorm(a: Arguments) -> tuple[Any, ...]:
    d = a["x"] - a["x"].mean(-1, keepdims=True)
    return (d / np.sqrt((d * d).mean(-1, keepdims=True) + 1e-3) * a["gamma"] + a["beta"],)


def batchnorm(a: Arguments) -> tuple[Any, ...]:
    x, keep = a["x"], a["mask"][..., None]
    keep = np.broadcast_to(keep, x.shape)
    count = keep.sum((0, 1)) + 1e-7
    mean = x.sum((0, 1), where=keep) / count
    variance = ((x - mean) ** 2).sum((0, 1), where=keep) / count
    y = (x - mean) / np.sqrt(variance + 1e-3)
    return y, mean, variance


def unitnorm(a: Arguments) -> tuple[Any, ...]:
    return (a["x"] / np.maximum(np.sqrt((a["x"] ** 2).sum(-1, keepdims=True)), 1e-12),)


def conv(a: Arguments) -> tuple[Any, ...]:
    x = np.pad(a["x"], [(0, 0), (1, 1), (0, 1), (0, 0)])
    windows = sliding_window_view(x, (3, 2), axis=(1, 2))[:, ::2]
    return (np.einsum("nhwckl,klcf->nhwf", windows, a["kernel"]) + a["bias"],)


def pooling(a: Arguments) -> tuple[Any, ...]:
    windows = sliding_window_view(a["x"], (2, 3), axis=(1, 2))
    return windows.mean((-2, -1)), windows.max((-2, -1)), a["x"].max((1, 2))


def lstm(a: Arguments) -> tuple[Any, ...]:
    h = c = np.zeros((a["x"].shape[0], a["recurrent"].shape[0]))
    for t in range(a["x"].shape[1]):
        z = a["x"][:, t] @ a["kernel"] + h @ a["recurrent"] + a["bias"]
        i, f, g, o = np.split(z, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return h, c


def attention(a: Arguments) -> tuple[Any, ...]:
    q = np.einsum("btf,fhd->bthd", a["x"], a["query"])
    k = np.einsum("btf,fhd->bthd", a["x"], a["key"])
    logits = np.einsum("bthd,bshd->bhts", q, k) / sqrt(3.0)
    t = np.arange(a["x"].shape[1])
    scores = softmax(np.where(t[:, None] >= t, logits, -1e9))
    return np.einsum("bhts,bsf->bthf", scores, a["x"]), scores


def elementwise(name: str) -> Callable[[Arguments], tuple[Any, ...]]:
    return lambda a: (ELEMENTWISE[name](a["x"]),)


def _weights(rng: np.random.Generator, **shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def _values(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Normal, of a wide scale, or with a large mean and a small spread."""
    x = rng.normal(size=shape)
    return (x, x * 10.0 ** rng.uniform(-3, 2), x * 0.01 + 10.0)[rng.integers(3)]


def _dense_arguments(rng: np.random.Generator) -> dict[str, np.ndarray]:
    n = int(rng.choice([1, 3, 70]))
    return {"x": _values(rng, (4, n))} | _weights(rng, kernel=(n, 5), bias=(5,))


ORACLES: dict[str, tuple[Callable[[Arguments], tuple[Any, ...]], Callable[..., Any]]] = {
    **{name: (elementwise(name), lambda r: {"x": _values(r, (60,))}) for name in ELEMENTWISE},
    "softmax": (
        lambda a: (softmax(a["x"]),),
        lambda r: {"x": _values(r, (4, r.choice([3, 20])))},
    ),
    "dense": (dense, _dense_arguments),
    "layernorm": (
        layernorm,
        lambda r: {"x": _values(r, (4, 16))} | _weights(r, gamma=(16,), beta=(16,)),
    ),
    "batchnorm": (
        batchnorm,
        lambda r: {"x": _values(r, (5, 4, 3)), "mask": r.random((5, 4)) < 0.7},
    ),
    "unitnorm": (unitnorm, lambda r: {"x": _values(r, (5, 9))}),
    "conv": (
        conv,
        lambda r: {"x": _values(r, (2, 6, 5, 1))} | _weights(r, kernel=(3, 2, 1, 4), bias=(4,)),
    ),
    "pooling": (pooling, lambda r: {"x": _values(r, (2, 5, 6, 3))}),
    "lstm": (
        lstm,
        lambda r: (
            {"x": _values(r, (2, 4, 3))}
            | _weights(r, kernel=(3, 20), recurrent=(5, 20), bias=(20,))
        ),
    ),
    "attention": (
        attention,
        lambda r: {"x": _values(r, (2, 5, 6))} | _weights(r, query=(6, 2, 3), key=(6, 2, 3)),
    ),
}
"""name -> (oracle, generator -> arguments)."""
