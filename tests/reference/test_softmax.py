"""softmax and log_softmax against mpmath at 50 digits, slice by slice along every axis."""

import math

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from layerproof.reference.activations import log_softmax, softmax

mpmath.mp.dps = 50
RNG = np.random.default_rng(20)
SHAPE = (3, 4, 5)
FAMILIES = {
    "zeros": np.zeros(SHAPE),
    "integers": RNG.integers(-5, 6, SHAPE).astype(float),
    "normal": RNG.normal(size=SHAPE),
    "wide": RNG.choice([-1, 1], SHAPE) * 10.0 ** RNG.uniform(-4, 2.5, SHAPE),
    "large mean": 1e6 + RNG.normal(size=SHAPE),
    "near ties": 3.0 + RNG.integers(-2, 3, SHAPE) * 2.0**-50,
    "one rules": RNG.normal(size=SHAPE) + 60.0 * (np.indices(SHAPE).sum(0) % 4 == 0),
    "huge": RNG.choice([-1e308, 0.0, 1e308], SHAPE),
    "subnormal": RNG.integers(-9, 10, SHAPE) * 5e-324,
    "some -inf": np.where(np.indices(SHAPE).sum(0) % 3 == 0, -np.inf, RNG.normal(size=SHAPE)),
}


def slices(x: np.ndarray, y: np.ndarray, axis: int):
    """Pairs of lists: each slice of x along ``axis``, and the same slice of y."""
    x, y = np.moveaxis(x, axis, -1), np.moveaxis(y, axis, -1)
    return zip(
        x.reshape(-1, x.shape[-1]).tolist(), y.reshape(-1, x.shape[-1]).tolist(), strict=True
    )


def exact_log_softmax(row: list[float]) -> list[mpf]:
    top = max(row)
    rest = sorted(mpf(v) - mpf(top) for v in row)[:-1]
    log_sum = mpmath.log1p(mpmath.fsum(mpmath.exp(s) for s in rest if s > -1e5))
    return [mpf(v) - mpf(top) - log_sum for v in row]


def error(got: float, exact: mpf) -> float:
    """Distance in ulp of ``exact``; values that overflow must overflow."""
    nearest = float(exact)
    if math.isinf(nearest) or math.isinf(got):
        return 0.0 if got == nearest else math.inf
    return float(abs(mpf(got) - exact) / mpf(math.ulp(nearest)))


@pytest.mark.parametrize("axis", [-1, 0, 1, 2, -3])
@pytest.mark.parametrize("family", FAMILIES)
def test_softmax_is_as_exact_as_its_docstring_says(family, axis):
    x = FAMILIES[family]
    with np.errstate(over="ignore"):
        y = softmax(x, axis)
    for row, got in slices(x, y, axis):
        for v, g, log_p in zip(row, got, exact_log_softmax(row), strict=True):
            exact = mpmath.exp(log_p) if log_p > -1e5 else mpf(0)
            spread = min(max(row) - v, 800.0)
            assert error(g, exact) <= 4 + len(row) / 2 + spread, (row, v)


@pytest.mark.parametrize("axis", [-1, 0, 1, 2, -3])
@pytest.mark.parametrize("family", FAMILIES)
def test_log_softmax_is_as_exact_as_its_docstring_says(family, axis):
    x = FAMILIES[family]
    with np.errstate(over="ignore"):
        y = log_softmax(x, axis)
    for row, got in slices(x, y, axis):
        second = sorted(row)[-2]
        for v, g, exact in zip(row, got, exact_log_softmax(row), strict=True):
            ruled = min(max(row) - second, 800.0) if v == max(row) else 0.0
            assert error(g, exact) <= 3 + len(row) / 2 + ruled, (row, v)


def test_a_ruled_slice_keeps_its_tiny_logarithm():
    y = log_softmax(np.array([0.0, -40.0, -50.0]))
    exact = -mpmath.log1p(mpmath.exp(-40) + mpmath.exp(-50))
    assert error(float(y[0]), exact) <= 2


def test_several_axes_are_one_joint_axis():
    x = FAMILIES["normal"]
    for axes, rest in [((0, 2), 1), ((-1, 1), 0), ((0, 1, 2), None)]:
        joint = softmax(x, axes)
        if rest is None:
            expected = softmax(x.ravel()).reshape(x.shape)
        else:
            flat = np.moveaxis(x, rest, 0).reshape(x.shape[rest], -1)
            expected = softmax(flat).reshape(np.moveaxis(x, rest, 0).shape)
            expected = np.moveaxis(expected, 0, rest)
        np.testing.assert_allclose(joint, expected, rtol=1e-15)


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_the_default_axis_is_the_last(function):
    x = FAMILIES["normal"]
    np.testing.assert_array_equal(function(x), function(x, axis=2))


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_nan_and_infinities_stay_in_their_slice(function):
    x = np.array([[np.nan, 1.0], [np.inf, 1.0], [-np.inf, -np.inf], [-np.inf, 1.0]])
    with np.errstate(invalid="ignore"):
        y = function(x)
    assert np.isnan(y[:3]).all()
    np.testing.assert_array_equal(y[3], [0, 1] if function is softmax else [-np.inf, 0])


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_empty_and_single_axes(function):
    for shape in [(0, 3), (3, 0), (2, 0, 4)]:
        assert function(np.zeros(shape)).shape == shape
    one = 1.0 if function is softmax else 0.0
    np.testing.assert_array_equal(function(np.array([[7.0], [-800.0]])), [[one], [one]])


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_integers_are_taken_as_the_numbers_they_are(function):
    x = np.arange(6).reshape(2, 3) ** 2
    np.testing.assert_array_equal(function(x, 0), function(x.astype(float), 0))


@pytest.mark.parametrize("function", [softmax, log_softmax])
@pytest.mark.parametrize("axis", [2, -3])
def test_an_axis_outside_the_rank_is_refused(function, axis):
    with pytest.raises(ValueError, match=f"axis {axis} is out of bounds"):
        function(np.zeros((2, 3)), axis)
