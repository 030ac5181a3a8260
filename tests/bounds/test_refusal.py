"""What the tables do not list is refused by name; nothing falls through to plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import special

from layerproof.conformance.bounds import Disagreement, Refused, expect
from layerproof.conformance.bounds.dual import Dual

from .samples import noiseless

X = np.array([[0.5, -1.5, 2.25], [1.0, 3.0, -0.25]])

REFUSED = {
    "nan_to_num": np.nan_to_num,
    "interp": lambda x: np.interp(x, [0.0, 1.0], [0.0, 1.0]),
    "median": np.median,
    "linalg.svd": np.linalg.svd,
    "convolve": lambda x: np.convolve(x[0], x[1]),
    "fmod": lambda x: np.fmod(x, 2.0),
    "gammaln": special.gammaln,
    "dtype": lambda x: np.sum(x, dtype=np.float32),
    "out": lambda x: np.add(x, 1.0, out=np.empty((2, 3))),
    "casting": lambda x: np.add(x, 1.0, casting="unsafe"),
    "add(where": lambda x: np.add(x, 1.0, where=X > 0.0),
    "add.at": lambda x: np.add.at(x, 0, 1.0),
    "outer": lambda x: np.subtract.outer(x, x),
    "accumulate": np.add.accumulate,
    "subtract.reduce": np.subtract.reduce,
    "order": lambda x: np.reshape(x, (3, 2), order="F"),
    "mode": lambda x: np.take(x, [0], mode="wrap"),
    "mode='mean'": lambda x: np.pad(x, 1, mode="mean"),
    "ord": lambda x: np.linalg.norm(x, ord=np.inf, axis=-1),
    "decimals": lambda x: np.round(x, 2),
    "np.asarray": np.asarray,
    "float()": lambda x: float(x[0, 0]),
    "bool()": lambda x: bool(x[0, 0] > 0.0),
    "int()": lambda x: int(x[0, 0]),
    "`in`": lambda x: 0.5 in x,
    "astype(float32)": lambda x: x.astype(np.float32),
    "astype(int64)": lambda x: x.astype(int),
}


@pytest.mark.parametrize("kind", ["samples", "dual"])
@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_name(name: str, kind: str) -> None:
    x: Any = noiseless(np.stack([X, X]))
    if kind == "dual":
        x = Dual(x, noiseless(np.ones((2, 1, 2, 3))))
    with pytest.raises(Refused) as caught:
        REFUSED[name](x)
    assert name.rsplit(".", maxsplit=1)[-1] in str(caught.value)


def test_writing_in_place_is_refused() -> None:
    x = noiseless(np.stack([X, X]))
    with pytest.raises(Refused, match="out"):
        x += 1.0
    with pytest.raises(TypeError):
        x[0] = 1.0


def test_indexing_by_samples_is_refused() -> None:
    x = noiseless(np.stack([X, X]))
    with pytest.raises(Refused, match="Sampled"):
        x[x > 0.0]


def test_an_axis_out_of_range_is_an_error() -> None:
    x = noiseless(np.stack([X, X]))
    for axis in (2, -3):
        with pytest.raises(np.exceptions.AxisError):
            np.sum(x, axis=axis)
        with pytest.raises(np.exceptions.AxisError):
            np.moveaxis(x, axis, 0)


def test_arguments_must_be_rounded_to_the_dtype() -> None:
    with pytest.raises(ValueError, match=r"'x'.*float16"):
        expect(lambda a: (a["x"] + 1.0,), {"x": np.array([0.1])}, "float16", 0)


def test_an_alternate_that_is_another_function_is_reported() -> None:
    arguments = {"x": np.array([0.5, 0.25])}
    with pytest.raises(Disagreement):
        expect(
            *(lambda a: (np.tanh(a["x"]),), arguments, "float32", 0),
            alternates=[lambda a: (np.tanh(a["x"]) * (1.0 + 1e-6),)],
        )
