"""A wrong implementation leaves the bound, and the bound is not loose."""

from __future__ import annotations

import numpy as np
import pytest

from layerproof.conformance.bounds import FORMATS, compare, expect, expect_elementwise, gain

from .oracles import ELEMENTWISE, ORACLES, elementwise
from .rounded import evaluated
from .samples import represented

PLANTED = 1e-6
SMALL = 2e-7


@pytest.mark.parametrize("name", ORACLES)
def test_a_relative_error_of_one_millionth_is_flagged_in_float32(name: str) -> None:
    function, draw = ORACLES[name]
    flagged = 0
    for seed in range(8):
        arguments = represented(draw(np.random.default_rng(seed)), "float32")
        got = evaluated(function, arguments, "float32")[0]
        expected = expect(function, arguments, "float32", seed)[0]
        assert compare(expected, got).passed
        flagged += not compare(expected, got.astype(np.float64) * (1.0 + PLANTED)).passed
    assert flagged >= 3


@pytest.mark.parametrize("name", ORACLES)
def test_the_gain_shows_a_bias_that_no_element_shows(name: str) -> None:
    function, draw = ORACLES[name]
    right, wrong = [], []
    for seed in range(30):
        arguments = represented(draw(np.random.default_rng(seed)), "float32")
        expected = expect(function, arguments, "float32", seed)[0]
        got = evaluated(function, arguments, "float32")[0]
        right.append((expected, got))
        biased = (got.astype(np.float64) * (1.0 + SMALL)).astype(np.float32)
        wrong.append((expected, biased))
    honest, planted = gain(right, "float32"), gain(wrong, "float32")
    assert abs(honest.delta_in_u) < 1.0
    assert planted.delta_in_u > 2.0
    assert honest.cases == 30


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_bound_is_tight_over_the_whole_range(name: str, dtype: str) -> None:
    """Grade B is at most 8 times grade A and 16u more: where the function is stationary, grade A is
    u alone, and every formula here has at least two operations, which are allowed 8u each.
    """
    format = FORMATS[dtype]
    top = np.log10(format.big) - 3.0
    magnitude = 10.0 ** np.linspace(np.log10(format.tiny) + 3.0, top, 400)
    dense = np.linspace(-20.0, 20.0, 400)
    x = represented({"x": np.concatenate([magnitude, -magnitude, dense])}, dtype)
    (e,) = expect(elementwise(name), x, dtype, 1)
    grade_a = 4.0 * e.sigma_inputs + format.u * np.abs(e.value)
    counted = ~e.flushed & ~e.limited
    assert counted.mean() > 0.5
    assert np.all((e.allowed <= 8.0 * grade_a + 16.0 * format.u * np.abs(e.value))[counted])


def test_a_tail_keeps_relative_accuracy() -> None:
    """sigmoid(-80) is 1.8e-35: phi must not be added where nothing was flushed."""
    x = {"x": np.array([-80.0, -87.0, -100.0])}
    (e,) = expect(elementwise("sigmoid"), x, "float32", 1)
    assert e.flushed.tolist() == [False, False, True]
    assert e.allowed[0] < 1e-4 * e.value[0]
    assert e.allowed[2] >= FORMATS["float32"].phi
    assert compare(e, np.array([e.value[0], e.value[1], 0.0])).passed
    assert not compare(e, np.array([0.0, e.value[1], 0.0])).passed


def test_a_wrong_derivative_is_flagged() -> None:
    x = represented({"x": np.linspace(-4.0, 4.0, 41)}, "float32")
    c = np.ones(41)
    e = expect_elementwise(elementwise("tanh"), x, c, "x", "float32", 1)
    right = 1.0 - np.tanh(x["x"].astype(np.float32)) ** 2
    assert compare(e, right).passed
    assert not compare(e, right * (1.0 + 2e-6)).passed


def test_noise_is_deterministic_for_a_seed() -> None:
    function, draw = ORACLES["lstm"]
    arguments = represented(draw(np.random.default_rng(0)), "float16")
    first, again, other = (expect(function, arguments, "float16", s)[0] for s in (1, 1, 2))
    assert np.array_equal(first.allowed, again.allowed)
    assert not np.array_equal(first.allowed, other.allowed)


def test_alternates_widen_the_bound_and_are_named() -> None:
    x = represented({"x": np.random.default_rng(0).normal(size=(3, 8)) + 30.0}, "float32")

    def centred(a: dict) -> tuple:
        d = a["x"] - a["x"].mean(-1, keepdims=True)
        return (d / np.sqrt((d * d).mean(-1, keepdims=True) + 1e-3),)

    def affine(a: dict) -> tuple:
        m = a["x"].mean(-1, keepdims=True)
        d = a["x"] - m
        r = 1.0 / np.sqrt((d * d).mean(-1, keepdims=True) + 1e-3)
        return (a["x"] * r + (0.0 - m * r),)

    (alone,) = expect(centred, x, "float32", 1)
    (both,) = expect(centred, x, "float32", 1, alternates=[affine])
    assert np.all(both.allowed >= alone.allowed)
    assert np.array_equal(both.allowed > alone.allowed, both.formula == 1)
    assert 1 in both.formula
    assert both.explain(int(both.formula.argmax()))["formula"] == 1
