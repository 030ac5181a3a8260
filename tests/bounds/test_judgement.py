"""Values that are no plain numbers, edges, discrete outputs, explanations, exact cases, kinks."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from layerproof.conformance.bounds import (
    FORMATS,
    compare,
    expect,
    expect_directional,
    kinks,
    no_rounding,
    subgradients,
)

from .oracles import ORACLES, conv, dense, elementwise
from .samples import represented

U = 2.0**-24


# ---- not finite, near overflow ------------------------------------------------------------------


def test_nan_and_infinity_are_judged_by_class() -> None:
    x = {"x": np.array([np.nan, np.inf, -np.inf, 1.0, 2.0])}
    (e,) = expect(lambda a: (a["x"] * 3.0,), x, "float32", 0)
    right = np.array([np.nan, np.inf, -np.inf, 3.0, 6.0])
    assert compare(e, right).max_ratio == 0.0
    for i, wrong in enumerate([1.0, -np.inf, np.nan, np.nan, np.inf]):
        got = right.copy()
        got[i] = wrong
        comparison = compare(e, got)
        assert comparison.max_ratio == np.inf
        assert comparison.worst == (i,)


def test_what_may_overflow_is_limited_not_judged() -> None:
    x = {"x": np.array([1.0, 80.0, 88.7, 700.0])}
    (e,) = expect(lambda a: (np.exp(a["x"]),), represented(x, "float32"), "float32", 0)
    assert e.limited.tolist() == [False, False, True, True]
    got = np.array([np.exp(1.0), np.exp(80.0), np.inf, np.inf])
    comparison = compare(e, got)
    assert (comparison.limited_count, comparison.compared_count) == (2, 2)
    assert comparison.passed


def test_an_intermediate_that_overflows_in_float16_limits_its_element() -> None:
    x = {"x": np.array([2.0, 300.0])}
    (e,) = expect(lambda a: (np.sqrt(a["x"] * a["x"]),), x, "float16", 0)
    assert e.limited.tolist() == [False, True]


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_a_flushed_element_may_be_zero_and_its_neighbour_may_not(dtype: str) -> None:
    tiny = FORMATS[dtype].tiny
    x = {"x": np.array([tiny * 64.0, tiny])}
    (e,) = expect(lambda a: (a["x"] * 0.25 * a["x"] / a["x"],), x, dtype, 0)
    assert e.flushed[1]
    assert e.explain(1)["phi"] == FORMATS[dtype].phi
    (e,) = expect(lambda a: (a["x"] * 3.0,), x, dtype, 0)
    assert not e.flushed.any()
    assert e.explain(1)["phi"] == 0.0
    assert not compare(e, np.zeros(2)).passed


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_an_exact_scaling_may_underflow_too(dtype: str) -> None:
    x = {"x": np.array([FORMATS[dtype].tiny * 1.5, 1.0])}
    (e,) = expect(lambda a: (a["x"] * 0.25 > 0.0, a["x"] * 0.25), x, dtype, 0)[1:]
    assert e.flushed.tolist() == [True, False]
    assert not e.untouched
    assert compare(e, np.array([0.0, 0.25])).passed
    assert not compare(e, np.array([0.0, 0.0])).passed


def test_a_subnormal_input_may_count_as_zero() -> None:
    def nonzero(a: Any) -> tuple[Any, ...]:
        return (np.where(a["x"] != 0.0, 1.0, 0.0),)

    (e,) = expect(nonzero, {"x": np.array([2.0**-140, 1.0, 0.0])}, "float32", 0)
    assert compare(e, np.array([0.0, 1.0, 0.0])).passed
    assert not compare(e, np.array([1.0, 0.0, 0.0])).passed
    assert not compare(e, np.array([1.0, 1.0, 1.0])).passed


# ---- edges: what is decided on untouched inputs is decided once ----------------------------------


def test_an_input_on_a_threshold_has_one_result() -> None:
    def step(a: Any) -> tuple[Any, ...]:
        return (np.where(a["x"] >= 1.5, a["x"], 0.0),)

    (e,) = expect(step, {"x": np.array([1.5, 1.0])}, "float32", 0)
    assert compare(e, np.array([1.5, 0.0])).passed
    assert not compare(e, np.array([0.0, 0.0])).passed


def test_a_threshold_that_the_dtype_lacks_may_be_rounded() -> None:
    """0.7 is 0.69921875 in bfloat16: an input of that value may be at or below the threshold."""

    def step(a: Any) -> tuple[Any, ...]:
        return (np.where(a["x"] >= 0.7, 1.0, 0.0),)

    (e,) = expect(step, {"x": np.array([0.69921875, 0.703125, 0.6953125])}, "bfloat16", 0)
    assert compare(e, np.array([1.0, 1.0, 0.0])).passed
    assert compare(e, np.array([0.0, 1.0, 0.0])).passed
    assert not compare(e, np.array([0.0, 0.0, 0.0])).passed
    assert not compare(e, np.array([0.0, 1.0, 1.0])).passed


def test_discrete_outcomes_are_the_sampled_ones() -> None:
    def bin_of(a: Any) -> tuple[Any, ...]:
        return (np.floor(a["x"] * 3.0 / 3.0) > 1.5,)

    x = {"x": np.array([2.0, 2.5, 1.0])}
    (e,) = expect(bin_of, x, "float32", 0, discrete=True)
    assert e.value.tolist() == [True, True, False]
    assert compare(e, np.array([False, True, False])).passed
    assert not compare(e, np.array([True, False, False])).passed
    (strict,) = expect(bin_of, x, "float32", 0)
    assert not compare(strict, np.array([False, True, False])).passed


def test_discrete_float_outputs_jump_or_are_near() -> None:
    def rounded(a: Any) -> tuple[Any, ...]:
        return (np.rint(a["x"] * 1.1 + 0.2) + a["x"] * 0.1,)

    x = represented({"x": np.array([2.0909091, 3.25])}, "float32")  # 2.5 within float32 rounding
    (e,) = expect(rounded, x, "float32", 0, discrete=True)
    low = np.array([2.0, 4.0]) + x["x"] * 0.1
    assert compare(e, low).passed
    assert compare(e, low + np.array([1.0, 0.0])).passed
    assert not compare(e, low + np.array([0.5, 0.0])).passed
    assert not compare(e, low + np.array([0.0, -1.0])).passed


def test_integer_and_boolean_outputs_are_exact() -> None:
    x = {"x": np.array([[1.0, 3.0, 2.0]]), "ids": np.array([2, 0])}
    index, copied = expect(lambda a: (np.argmax(a["x"], -1), a["ids"] + 1), x, "float32", 0)
    assert not index.allowed.any()
    assert compare(index, np.array([1])).passed
    assert not compare(index, np.array([2])).passed
    assert not compare(copied, np.array([3, 2])).passed


def test_a_selection_of_the_inputs_is_untouched() -> None:
    x = {"x": np.arange(12.0).reshape(3, 4)}
    moved, scaled = expect(lambda a: (np.maximum(a["x"].T, 0.0), a["x"] * 3.0), x, "float32", 0)
    assert moved.untouched
    assert not scaled.untouched


# ---- explanations -------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16", "float16"])
def test_the_explanation_adds_up(dtype: str) -> None:
    function, draw = ORACLES["layernorm"]
    (e,) = expect(function, represented(draw(np.random.default_rng(1)), dtype), dtype, 1)
    why = json.loads(json.dumps(e.explain((1, 2))))
    total = why["C_sigma"] + why["u_value"] + why["phi"]
    factor = 2.0 if why["oracle_rounds_too"] else 1.0
    assert why["oracle_rounds_too"] == (dtype == "float64")
    np.testing.assert_allclose(why["allowed"], factor * total, rtol=1e-12)
    assert why["C_sigma"] == why["C"] * why["sigma"]
    assert why == e.explain(1 * 16 + 2)


def test_a_norm_may_widen_the_bound() -> None:
    function, draw = ORACLES["conv"]
    a = represented(draw(np.random.default_rng(0)), "float32")

    def norms(a: Any) -> Any:
        return 4.0 * np.sqrt((a["x"] ** 2).sum() * (a["kernel"] ** 2).sum())

    (plain,), (wide,) = (expect(function, a, "float32", 0, normwise=n) for n in (None, norms))
    assert np.all(wide.allowed >= U * norms(a))
    assert np.all(wide.allowed >= plain.allowed)


def test_a_single_operation_is_allowed_some_u() -> None:
    x = represented({"x": np.random.default_rng(0).uniform(0.5, 2.0, 2000)}, "float32")
    (e,) = expect(lambda a: (np.sqrt(a["x"]),), x, "float32", 0)
    assert 4.0 < np.median(e.allowed / e.value) / U < 8.0
    (e,) = expect(lambda a: (np.arctan(a["x"]),), x, "float32", 0)
    assert np.median(e.allowed / e.value) / U > 8.0


def test_ulps_are_those_of_the_tested_dtype() -> None:
    (e,) = expect(lambda a: (a["x"] * 3.0,), {"x": np.array([1.0, 0.25])}, "bfloat16", 0)
    assert compare(e, np.array([3.0 + 2.0**-6, 0.75])).max_ulp == 1.0
    with pytest.raises(ValueError, match="shape"):
        compare(e, np.array([[3.0, 0.75]]))


# ---- exact cases --------------------------------------------------------------------------------


def test_small_integers_need_no_rounding() -> None:
    rng = np.random.default_rng(0)
    x, k, b = (rng.integers(-3, 4, s).astype(float) for s in ((2, 5), (5, 4), (4,)))
    a = {"x": x, "kernel": k, "bias": b}
    assert no_rounding(dense, a, "float32")
    assert no_rounding(dense, a, "bfloat16")
    assert not no_rounding(dense, {**a, "x": x * 64.0}, "bfloat16")
    assert not no_rounding(dense, {**a, "x": x * 2.0**23}, "float32")
    images = {name: np.ones(s) for name, s in {"x": (1, 4, 4, 1), "kernel": (3, 2, 1, 2)}.items()}
    assert no_rounding(conv, {**images, "bias": np.zeros(2)}, "float16")


def test_what_may_round_is_not_exact() -> None:
    x = {"x": np.array([1.0, 2.0, 4.0])}
    inexact = [
        lambda a: (np.exp(a["x"]),),
        lambda a: (a["x"] / 3.0,),
        lambda a: (a["x"] * 0.1,),
        lambda a: (np.maximum(a["x"], 0.1),),
        lambda a: (a["x"].mean(),),
        lambda a: (a["x"] + 2.0**30,),
        lambda a: (np.full(3, 0.1),),
    ]
    exact = [
        lambda a: (np.maximum(a["x"], 0.5),),
        lambda a: (a["x"] / 4.0 - 1.0,),
        lambda a: (a["x"][:2].mean(),),
        lambda a: (np.where(a["x"] > 1.0, a["x"] * a["x"], 0.0),),
        lambda a: (a["x"] > 1.0,),
    ]
    assert not any(no_rounding(f, x, "float32") for f in inexact)
    assert all(no_rounding(f, x, "float32") for f in exact)


def test_fractions_use_up_the_precision() -> None:
    """Multiples of 1/16 have products that are multiples of 1/256."""
    x, w = np.full((1, 4), 1.0625), np.full((4, 1), 1.0625)
    a = {"x": x, "kernel": w, "bias": np.zeros(1)}
    product = lambda a: (a["x"] @ a["kernel"],)  # noqa: E731
    assert no_rounding(product, a, "float32")
    assert not no_rounding(product, a, "bfloat16")
    for square in (lambda a: (a["x"] * a["x"],), lambda a: (a["x"] ** 2,)):
        assert no_rounding(square, {"x": x}, "float16")
        assert not no_rounding(square, {"x": x}, "bfloat16")
        assert not no_rounding(square, {"x": np.array([4097.0])}, "float32")


def test_exact_cases_are_exact_in_any_order() -> None:
    rng = np.random.default_rng(3)
    tried = 0
    for scale in (1, 3, 9, 40, 200, 900):
        x = rng.integers(-scale, scale + 1, (1, 12)).astype(float)
        w = rng.integers(-scale, scale + 1, (12, 1)).astype(float)
        a = {"x": x, "kernel": w, "bias": np.zeros(1)}
        if no_rounding(dense, a, "float16"):
            tried += 1
            for _ in range(5):
                total = np.float16(0.0)
                for i in rng.permutation(12):
                    total = total + np.float16(x[0, i]) * np.float16(w[i, 0])
                assert float(total) == (x @ w).item()
    assert tried in (2, 3, 4)


# ---- derivatives at kinks -----------------------------------------------------------------------


def test_kinks_are_found_and_their_sets_known() -> None:
    x = {"x": np.array([-1.0, 0.0, 2.0])}
    relu, c = (lambda a: (np.maximum(a["x"], 0.0) * 3.0,)), [np.array([1.0, -2.0, 1.0])]
    assert kinks(relu, x, c, "x").tolist() == [False, True, False]
    low, high = subgradients(relu, x, c, "x", [0, 1, 2], "float32")
    np.testing.assert_allclose(low, [0.0, -6.0, 3.0], rtol=1e-5, atol=1e-30)
    np.testing.assert_allclose(high, [0.0, 0.0, 3.0], rtol=1e-5, atol=1e-30)
    assert low[2] < 3.0 < high[2]


def test_a_tie_of_a_maximum_is_a_kink_of_both() -> None:
    x = {"x": np.array([[1.0, 5.0, 5.0], [1.0, 2.0, 3.0]])}
    largest, c = (lambda a: (a["x"].max(-1),)), [np.ones(2)]
    found = kinks(largest, x, c, "x")
    assert found.tolist() == [[False, True, True], [False, False, False]]
    low, high = subgradients(largest, x, c, "x", [1, 2], "float32")
    assert np.all(low <= 0.0)
    assert np.all(high >= 1.0)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("name", ["gelu", "sigmoid", "tanh", "layernorm", "softmax", "lstm"])
def test_smooth_functions_have_no_kinks(name: str, dtype: str) -> None:
    function, draw = ORACLES[name]
    a = represented(draw(np.random.default_rng(0)), dtype)
    c = [np.random.default_rng(1).normal(size=o.shape) for o in function(a)]
    assert not kinks(function, a, c, "x").any()


def test_directional_derivatives_are_exact() -> None:
    """Against central differences with complex steps: f is analytic."""

    def f(a: Any) -> tuple[Any, ...]:
        return np.tanh(a["x"] @ a["w"]), np.exp(a["x"]).sum(-1)

    rng = np.random.default_rng(0)
    a = represented({"x": rng.normal(size=(3, 4)), "w": rng.normal(size=(4, 2))}, "float32")
    c = [rng.normal(size=(3, 2)), rng.normal(size=3)]
    v = {name: rng.normal(size=(5, *x.shape)) for name, x in a.items()}
    e = expect_directional(f, a, c, v, "float32", 0)
    for k in range(5):
        stepped = f({name: x + 1e-30j * v[name][k] for name, x in a.items()})
        slope = sum((o.imag / 1e-30 * w).sum() for o, w in zip(stepped, c, strict=True))
        np.testing.assert_allclose(e.value[k], slope, rtol=1e-13)
    assert np.all(e.allowed < 1e-4 * np.abs(e.value).max())


def test_a_direction_that_touches_little_has_a_tight_bound() -> None:
    """Of 1000 outputs one depends on the element: 999 zeros must not count as terms of a sum."""
    x = represented({"x": np.random.default_rng(0).normal(size=1000)}, "float32")
    v = np.zeros((1, 1000))
    v[0, 7] = 1.0
    e = expect_directional(elementwise("tanh"), x, [np.ones(1000)], {"x": v}, "float32", 0)
    assert e.allowed[0] < 100.0 * U


def test_an_output_that_is_not_differentiated_counts_for_nothing() -> None:
    x = {"x": np.array([1.0, 2.0]), "n": np.array([3, 4])}
    v = {"x": np.ones((2, 2))}
    e = expect_directional(
        lambda a: (a["x"] * a["n"], a["x"] > 1.5), x, [np.ones(2), None], v, "float32", 0
    )
    np.testing.assert_allclose(e.value, [7.0, 7.0])
    with pytest.raises(ValueError, match="'n'"):
        expect_directional(
            lambda a: (a["x"],), x, [np.ones(2)], {"n": np.ones((1, 2))}, "float32", 0
        )


def test_a_case_with_samples_of_one_element_and_with_none() -> None:
    for shape in ((), (0,), (1,), (2, 0, 3)):
        x = {"x": np.ones(shape)}
        (e,) = expect(elementwise("gelu"), x, "float32", 0)
        assert e.value.shape == e.allowed.shape == shape
        assert compare(e, e.value).passed
