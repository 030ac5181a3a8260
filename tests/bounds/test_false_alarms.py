"""A correct implementation stays within the bound: the oracle itself, evaluated in each dtype."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from layerproof.conformance.bounds import compare, expect, expect_directional, gain
from layerproof.conformance.bounds.dual import Dual

from .oracles import ORACLES
from .rounded import evaluated
from .samples import represented

DTYPES = ("float64", "float32", "bfloat16", "float16")
CASES = 8


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ORACLES)
def test_the_oracle_in_the_tested_dtype(name: str, dtype: str) -> None:
    function, draw = ORACLES[name]
    pool, compared, elements = [], 0, 0
    for seed in range(CASES):
        arguments = represented(draw(np.random.default_rng(seed)), dtype)
        expected = expect(function, arguments, dtype, seed)
        got = evaluated(function, arguments, dtype)
        for e, g in zip(expected, got, strict=True):
            comparison = compare(e, g)
            assert comparison.passed, e.explain(comparison.worst)
            pool.append((e, g))
            compared, elements = compared + comparison.compared_count, elements + g.size
    assert compared > 0.9 * elements
    if dtype == "float32":
        assert abs(gain(pool, dtype).delta_in_u) < 2.0


@pytest.mark.parametrize("name", ORACLES)
def test_derivatives_computed_in_float32(name: str) -> None:
    function, draw = ORACLES[name]
    for seed in range(CASES // 2):
        rng = np.random.default_rng(seed)
        arguments = represented(draw(rng), "float32")
        outputs = function(arguments)
        cotangents = [represented({"c": rng.normal(size=o.shape)}, "float32")["c"] for o in outputs]
        directions = {
            k: rng.normal(size=(3, *x.shape)) for k, x in arguments.items() if x.dtype != bool
        }
        for d in directions.values():
            d[2] = 0.0
            d[2].flat[0] = 1.0
        expected = expect_directional(function, arguments, cotangents, directions, "float32", seed)
        got = in_float32(function, arguments, directions, cotangents)
        comparison = compare(expected, got)
        assert comparison.passed, expected.explain(comparison.worst)


def in_float32(function: Any, arguments: Any, directions: Any, cotangents: Any) -> np.ndarray:
    """Forward mode in float32 arithmetic."""

    def single(x: np.ndarray) -> np.ndarray:
        return x.astype(np.float32) if x.dtype == np.float64 else x

    inputs = {
        k: Dual(single(x), single(directions[k])) if k in directions else single(x)
        for k, x in arguments.items()
    }
    pairs = zip(function(inputs), cotangents, strict=True)
    return sum(np.sum((o.tangent * single(c)).reshape(3, -1), axis=1) for o, c in pairs)


@pytest.mark.parametrize("n", [2, 7, 100, 3000])
@pytest.mark.parametrize("order", ["forward", "reversed", "pairwise", "shuffled"])
def test_every_order_of_summation(order: str, n: int) -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        x = represented({"x": rng.normal(size=n) + 3.0 * (seed % 2)}, "float32")["x"]
        w = represented({"w": rng.normal(size=n)}, "float32")["w"]
        (total,) = expect(lambda a: (np.sum(a["x"]),), {"x": x}, "float32", seed)
        (product,) = expect(lambda a: (a["x"] @ a["w"],), {"x": x, "w": w}, "float32", seed)
        terms = x.astype(np.float32)
        assert compare(total, summed(terms, order)).passed
        assert compare(product, summed(terms * w.astype(np.float32), order)).passed


def summed(terms: np.ndarray, order: str) -> np.ndarray:
    """The sum in float32, one rounding per addition."""
    if order == "pairwise":
        while terms.size > 1:
            odd = terms[terms.size & ~1 :]
            terms = np.concatenate([terms[:-1:2][: terms.size // 2] + terms[1::2], odd])
        return terms[0]
    if order == "shuffled":
        terms = np.random.default_rng(9).permutation(terms)
    total = np.float32(0.0)
    for term in terms[::-1] if order == "reversed" else terms:
        total = total + term
    return np.asarray(total)


@pytest.mark.parametrize("n", [16, 1000, 20000])
def test_the_worst_order_of_a_sum_is_covered(n: int) -> None:
    """Terms that all round the same way reach n u Σ|a| in one order; C c(n) ≥ n covers it."""
    x = np.full(n, 1.0 + 2.0**-23)
    (total,) = expect(lambda a: (np.sum(a["x"]),), {"x": x}, "float32", 0)
    assert total.allowed >= n * 2.0**-24 * n * 0.9
