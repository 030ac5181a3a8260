"""The elementwise activations against mpmath at 50 digits, over the whole range of float64."""

import math
from collections.abc import Callable
from functools import partial

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from layerproof.reference import activations
from layerproof.reference.activations.selu import SCALE as ROUNDED_SCALE
from layerproof.reference.activations.selu import SCALE_ALPHA as ROUNDED_SCALE_ALPHA

mpmath.mp.dps = 50
SMALLEST = float(np.finfo(np.float64).smallest_subnormal)
ALPHA = mpf("1.6732632423543772848170429916717")
SCALE = mpf("1.0507009873554804934193349852946")


def near(*points: float) -> np.ndarray:
    """The points, their neighbours, and values close to them on both sides."""
    p = np.array(points)[:, None]
    steps = np.geomspace(2.0**-45, 0.5, 24) * np.maximum(np.abs(p), 1.0)
    return np.concatenate(
        [p, np.nextafter(p, -np.inf), np.nextafter(p, np.inf), p - steps, p + steps], 1
    )


def grid() -> np.ndarray:
    """Both signs: zero, subnormals, kinks, saturation, tails, underflow, overflow, the largest."""
    positive = np.concatenate(
        [
            np.array([0.0, SMALLEST, 3 * SMALLEST, np.finfo(float).tiny, np.finfo(float).max]),
            np.geomspace(1e-322, 1.7e308, 400),
            np.linspace(0, 8, 700)[1:],
            np.linspace(8, 45, 500),
            np.linspace(45, 760, 300),
            near(
                1.0, 1.5, 2.5, 3.0, 4.0, 6.0, 37.5, 38.5, 708.4, 709.782712893384, 745.133
            ).ravel(),
        ]
    )
    return np.unique(np.concatenate([-positive, positive]))


GRID = grid()


def ulps(got: float, exact: mpf) -> float:
    """|got - exact| in units of the last place of ``exact``, at least of a subnormal.

    Where ``exact`` rounds to infinity so must ``got``; NaN is infinitely far from everything.
    """
    nearest = float(exact)
    if np.isinf(nearest):
        return 0.0 if got == nearest else np.inf
    if not np.isfinite(got):
        return np.inf
    return float(abs(mpf(got) - exact) / mpf(math.ulp(nearest)))


# ---- the exact functions, as the documentation words them ----------------------------------------


def exact_relu(x, slope=0.0, largest=None, threshold=0.0):
    y = x if x > threshold else mpf(slope) * (x - mpf(threshold))
    return y if largest is None else min(y, mpf(largest))


def exact_sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def exact_softplus(x):
    return mpmath.log1p(mpmath.exp(x)) if x < 100 else x + mpmath.exp(-x)


def exact_elu(x, alpha=1.0):
    return x if x > 0 else mpf(alpha) * mpmath.expm1(x)


def exact_hard_sigmoid(x):
    return mpf(0) if x <= -3 else mpf(1) if x >= 3 else x / 6 + mpf("0.5")


def exact_hard_silu(x):
    return mpf(0) if x < -3 else x if x > 3 else x * (x + 3) / 6


def exact_gelu(x):
    return x / 2 * mpmath.erfc(-x / mpmath.sqrt(2)) if x > -1e4 else mpf(0)


def gelu_argument(x):
    return mpmath.sqrt(8 / mpmath.pi) * (x + mpf("0.044715") * x**3)


def exact_gelu_tanh(x):
    return x * exact_sigmoid(gelu_argument(x)) if x < 1e6 else x


def exact_mish(x):
    return x * mpmath.tanh(exact_softplus(x))


def subnormal_factor(ulp: float) -> Callable[[float], float]:
    """``ulp``, and |x| times a subnormal's rounding where x times a subnormal is computed."""
    return lambda x: ulp + (0.6 * abs(x) if x < -708 else 0)


def gelu_limit(x: float) -> float:
    return 4 + 2 * min(x, 0) ** 2 if x > -37.5 else 2**52  # then: the smallest normal number


def gelu_tanh_limit(x: float) -> float:
    z = float(gelu_argument(min(max(x, -30.0), 0.0)))
    return 3 - 3 * z + (0.6 * abs(x) if -760 < z < -708 else 0)


# name, arguments, exact function, allowed ulp: 2, or what the docstring explains under "Accuracy"
ELEMENTWISE = [
    ("relu", {}, exact_relu, 0),
    ("relu", {"negative_slope": 0.5}, partial(exact_relu, slope=0.5), 0.5),
    ("relu", {"negative_slope": -0.25}, partial(exact_relu, slope=-0.25), 0.5),
    ("relu", {"max_value": 4.0}, partial(exact_relu, largest=4.0), 0),
    ("relu", {"threshold": 1.5}, partial(exact_relu, threshold=1.5), 0),
    ("relu", {"threshold": -1.5}, partial(exact_relu, threshold=-1.5), 0),
    (
        "relu",
        {"negative_slope": 0.3, "max_value": 6.0, "threshold": 2.5},
        partial(exact_relu, slope=0.3, largest=6.0, threshold=2.5),
        2,
    ),
    ("sigmoid", {}, exact_sigmoid, 2.5),
    ("softplus", {}, exact_softplus, 2),
    ("softsign", {}, lambda x: x / (abs(x) + 1), 2),
    ("tanh", {}, mpmath.tanh, 2),
    ("selu", {}, lambda x: SCALE * (x if x > 0 else ALPHA * mpmath.expm1(x)), 2),
    ("elu", {}, exact_elu, 2),
    ("elu", {"alpha": 0.3}, partial(exact_elu, alpha=0.3), 2),
    ("elu", {"alpha": 2.5}, partial(exact_elu, alpha=2.5), 2),
    ("exponential", {}, mpmath.exp, 2),
    ("leaky_relu", {}, partial(exact_relu, slope=0.2), 1),
    ("leaky_relu", {"negative_slope": 0.01}, partial(exact_relu, slope=0.01), 1),
    ("leaky_relu", {"negative_slope": 1.5}, partial(exact_relu, slope=1.5), 1),
    ("relu6", {}, partial(exact_relu, largest=6), 0),
    ("silu", {}, lambda x: x * exact_sigmoid(x), subnormal_factor(3)),
    ("hard_silu", {}, exact_hard_silu, 2),
    ("gelu", {}, exact_gelu, gelu_limit),
    ("gelu", {"approximate": True}, exact_gelu_tanh, gelu_tanh_limit),
    ("hard_sigmoid", {}, exact_hard_sigmoid, 2),
    ("linear", {}, lambda x: x, 0),
    ("mish", {}, exact_mish, subnormal_factor(3)),
]
NAMED = [
    pytest.param(*row, id=f"{row[0]}-{','.join(map(str, row[1].values()))}") for row in ELEMENTWISE
]


@pytest.mark.parametrize(("name", "arguments", "exact", "limit"), NAMED)
def test_close_to_exact_over_the_whole_range(name, arguments, exact, limit):
    with np.errstate(over="ignore"):
        y = getattr(activations, name)(GRID, **arguments)

    for x, got in zip(GRID.tolist(), y.tolist(), strict=True):
        allowed = limit(x) if callable(limit) else limit
        error = ulps(got, exact(mpf(x)))
        assert error <= allowed, (
            f"{name}({x!r}, {arguments}) = {got!r}: {error:.3g} ulp > {allowed}"
        )


def test_approximate_gelu_is_the_papers_tanh_formula():
    for x in np.linspace(-6, 6, 97).tolist():
        u = mpmath.sqrt(2 / mpmath.pi) * (mpf(x) + mpf("0.044715") * mpf(x) ** 3)
        paper = mpf(x) / 2 * (1 + mpmath.tanh(u))
        got = float(activations.gelu(np.array(x), approximate=True))
        assert ulps(got, paper) <= gelu_tanh_limit(x)


INF, NAN = np.inf, np.nan
AT = [NAN, -INF, INF, -0.0, 0.0]
SPECIAL = {  # at NaN, -inf, +inf, -0, +0
    "relu": [NAN, 0, INF, 0, 0],
    "sigmoid": [NAN, 0, 1, 0.5, 0.5],
    "softplus": [NAN, 0, INF, np.log(2), np.log(2)],
    "softsign": [NAN, NAN, NAN, 0, 0],
    "tanh": [NAN, -1, 1, 0, 0],
    "selu": [NAN, -float(SCALE * ALPHA), INF, 0, 0],
    "elu": [NAN, -1, INF, 0, 0],
    "exponential": [NAN, 0, INF, 1, 1],
    "leaky_relu": [NAN, -INF, INF, 0, 0],
    "relu6": [NAN, 0, 6, 0, 0],
    "silu": [NAN, NAN, INF, 0, 0],
    "hard_silu": [NAN, 0, INF, 0, 0],
    "gelu": [NAN, NAN, INF, 0, 0],
    "hard_sigmoid": [NAN, 0, 1, 0.5, 0.5],
    "linear": [NAN, -INF, INF, 0, 0],
    "mish": [NAN, NAN, INF, 0, 0],
}


@pytest.mark.parametrize("name", SPECIAL)
def test_nan_infinities_and_zeros(name):
    with np.errstate(invalid="ignore"):
        y = getattr(activations, name)(np.array(AT))
    np.testing.assert_array_equal(y, np.array(SPECIAL[name], float))


@pytest.mark.parametrize(
    "arguments", [{"negative_slope": 0.5}, {"max_value": 6.0}, {"threshold": 1.0}]
)
def test_relu_keeps_nan_whatever_its_arguments(arguments):
    assert np.isnan(activations.relu(np.array([NAN]), **arguments)).all()
    below = activations.relu(np.array([-INF]), **arguments)
    assert below == (-INF if "negative_slope" in arguments else 0.0)


def test_relu_at_its_threshold_follows_the_documented_example():
    y = activations.relu(np.array([-10, -5, 0.0, 5, 10]), threshold=5.0)
    np.testing.assert_array_equal(y, [0, 0, 0, 0, 10])


def test_selu_constants_are_the_fixed_point_and_agree_with_the_documentation():
    scale, scale_alpha = ROUNDED_SCALE, ROUNDED_SCALE_ALPHA
    density = lambda z: mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi)  # noqa: E731
    f = lambda z: SCALE * (z if z > 0 else ALPHA * mpmath.expm1(z))  # noqa: E731
    halves = [-mpmath.inf, 0, mpmath.inf]
    assert abs(mpmath.quad(lambda z: f(z) * density(z), halves)) < 1e-25
    assert abs(mpmath.quad(lambda z: f(z) ** 2 * density(z), halves) - 1) < 1e-25
    assert (scale, scale_alpha) == (float(SCALE), float(SCALE * ALPHA))
    assert 0 < scale - 1.05070098 < 1e-8
    assert 0 < scale_alpha / scale - 1.67326324 < 1e-8


@pytest.mark.parametrize("name", SPECIAL)
def test_shape_is_kept_and_the_input_untouched(name):
    for shape in [(), (1,), (0,), (2, 0, 3), (2, 3, 4)]:
        x = np.linspace(-4, 4, int(np.prod(shape))).reshape(shape)
        before = x.copy()
        assert getattr(activations, name)(x).shape == shape
        np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("name", SPECIAL)
def test_integers_are_taken_as_the_numbers_they_are(name):
    x = np.arange(-8, 9)
    function = getattr(activations, name)
    np.testing.assert_array_equal(function(x), function(x.astype(float)))


def test_every_activation_is_in_a_table_of_values():
    assert {row[0] for row in ELEMENTWISE} == set(SPECIAL)
    assert set(SPECIAL) | {"softmax", "log_softmax"} == set(activations.__all__)
