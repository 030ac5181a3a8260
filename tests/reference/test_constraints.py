"""Constraints against loops over vectors, and against 50 digits where norms are near epsilon."""

import itertools
import math
from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from layerproof.reference.constraints import Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm

EPSILON = 1e-7
"""keras.config.epsilon(), as documented."""

ROUNDING = 2e-15
"""Relative: the dozen roundings of a norm of a few terms and a division."""

AXES = [
    *[((6,), 0), ((4, 5), 0), ((4, 5), 1), ((4, 5), -1)],
    *[((3, 2, 4, 5), (0, 1, 2)), ((3, 4), [0, 1])],
]


def by_vector(w: np.ndarray, axis: object, rescale: Callable[[float], float]) -> np.ndarray:
    """Multiply every vector along ``axis`` by ``rescale(its norm)``, one Python float at a time."""
    along = {a % w.ndim for a in np.atleast_1d(axis)}
    across = [range(n) if a not in along else [None] for a, n in enumerate(w.shape)]
    result = np.empty_like(w)
    for place in itertools.product(*across):
        index = tuple(slice(None) if i is None else i for i in place)
        vector = [float(v) for v in w[index].ravel()]
        length = math.sqrt(math.fsum(v * v for v in vector))
        result[index] = np.reshape([v * rescale(length) for v in vector], w[index].shape)
    return result


@pytest.mark.parametrize(("shape", "axis"), AXES)
@pytest.mark.parametrize("scale", [1e-8, 0.3, 1.0, 50.0])
def test_norms_by_vector(shape: tuple[int, ...], axis: object, scale: float) -> None:
    w = np.random.default_rng(6).normal(size=shape) * scale

    unit = by_vector(w, axis, lambda n: 1 / (EPSILON + n))
    np.testing.assert_allclose(UnitNorm(axis)(w), unit, rtol=ROUNDING, atol=0)

    capped = by_vector(w, axis, lambda n: min(n, 0.7) / (EPSILON + n))
    np.testing.assert_allclose(MaxNorm(0.7, axis)(w), capped, rtol=ROUNDING, atol=0)

    def desired(n: float) -> float:
        inside = 0.5 if n < 0.5 else min(n, 2.0)
        return n + 0.25 * (inside - n)

    between = by_vector(w, axis, lambda n: desired(n) / (EPSILON + n))
    np.testing.assert_allclose(MinMaxNorm(0.5, 2.0, 0.25, axis)(w), between, rtol=ROUNDING, atol=0)


@pytest.mark.parametrize(("shape", "axis"), AXES)
def test_readings_without_epsilon(shape: tuple[int, ...], axis: object) -> None:
    w = np.random.default_rng(7).normal(size=shape)
    wanted = [
        (UnitNorm(axis), lambda n: 1 / n),
        (MaxNorm(1.5, axis), lambda n: 1.0 if n <= 1.5 else 1.5 / n),
        (MinMaxNorm(1.0, 1.5, 1.0, axis), lambda n: min(max(n, 1.0), 1.5) / n),
    ]
    for constraint, rescale in wanted:
        readings = constraint.readings(w)
        assert list(readings) == ["epsilon added", "no epsilon"]
        np.testing.assert_array_equal(readings["epsilon added"], constraint(w))
        exact = by_vector(w, axis, rescale)
        np.testing.assert_allclose(readings["no epsilon"], exact, rtol=ROUNDING, atol=0)


@pytest.mark.parametrize("length", [1e-30, 1e-9, 1e-7, 3e-7, 1e-3])
def test_small_norms_to_50_digits(length: float) -> None:
    w = np.array([0.6, 0.8]) * length
    with mpmath.workdps(50):
        epsilon = mpmath.mpf(EPSILON)
        norm = mpmath.sqrt(sum(mpmath.mpf(v) ** 2 for v in w.tolist()))
        unit = [float(mpmath.mpf(v) / (epsilon + norm)) for v in w.tolist()]
        lifted = [float(mpmath.mpf(v) * mpmath.mpf(0.5) / (epsilon + norm)) for v in w.tolist()]
    np.testing.assert_allclose(UnitNorm()(w), unit, rtol=ROUNDING, atol=0)
    np.testing.assert_allclose(MinMaxNorm(0.5)(w), lifted, rtol=ROUNDING, atol=0)


def test_a_zero_vector_stays_zero() -> None:
    zero = np.zeros((3, 2))
    for constraint in (UnitNorm(), MaxNorm(), MinMaxNorm(0.5, 1.0)):
        np.testing.assert_array_equal(constraint(zero), zero)
        for reading in constraint.readings(zero).values():
            np.testing.assert_array_equal(reading, zero)


def test_the_constraint_holds_afterwards() -> None:
    w = np.random.default_rng(8).normal(size=(6, 40))
    norms = lambda w: np.linalg.norm(w, axis=0)  # noqa: E731
    assert np.all(norms(MaxNorm(2.0)(w)) <= 2.0)
    np.testing.assert_allclose(norms(UnitNorm()(w)), 1.0, rtol=0, atol=2 * EPSILON)
    inside = norms(MinMaxNorm(1.0, 2.0)(w))
    assert np.all((inside > 1.0 - 10 * EPSILON) & (inside <= 2.0))


def test_rate_zero_leaves_the_norm() -> None:
    w = np.random.default_rng(9).normal(size=(4, 3))
    np.testing.assert_allclose(MinMaxNorm(5.0, 6.0, rate=0.0)(w), w, rtol=10 * EPSILON)


def test_non_negative() -> None:
    w = [-np.inf, -2.0, -5e-324, -0.0, 0.0, 5e-324, 2.0, np.inf]
    np.testing.assert_array_equal(NonNeg()(np.array(w)), [v if v > 0 else 0.0 for v in w])
    assert np.isnan(NonNeg()(np.array([np.nan]))).all()
    nan_for_minus_inf = NonNeg().readings(np.array(w))["-inf gives nan"]
    np.testing.assert_array_equal(nan_for_minus_inf[1:], NonNeg()(np.array(w))[1:])
    assert np.isnan(nan_for_minus_inf[0])


def test_the_base_class_changes_nothing() -> None:
    w = np.array([[-1.0, np.nan], [0.0, 3.0]])
    np.testing.assert_array_equal(Constraint()(w), w)


@pytest.mark.parametrize(
    ("constraint", "config"),
    [
        (Constraint(), {}),
        (NonNeg(), {}),
        (MaxNorm(), {"max_value": 2, "axis": 0}),
        (MaxNorm(3.0, [0, 1]), {"max_value": 3.0, "axis": [0, 1]}),
        (UnitNorm(-1), {"axis": -1}),
        (MinMaxNorm(), {"min_value": 0.0, "max_value": 1.0, "rate": 1.0, "axis": 0}),
    ],
    ids=str,
)
def test_config_round_trip(constraint: Constraint, config: dict) -> None:
    assert constraint.get_config() == config
    assert type(constraint).from_config(config) == constraint
