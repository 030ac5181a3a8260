"""Every ufunc of the table: on samples it is NumPy's, its derivative is mpmath's at 50 digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy import special

from layerproof.conformance.bounds import FORMATS
from layerproof.conformance.bounds.arithmetic import SAMPLES, Noisy
from layerproof.conformance.bounds.dual import Dual
from layerproof.conformance.bounds.operations import ELEMENTWISE, Kind
from layerproof.conformance.bounds.sampled import Sampled

from .samples import noiseless, rows_of

WIDE = [-30.0, -5.5, -1.25, -0.375, -1e-3, 1e-3, 0.375, 1.25, 5.5, 30.0]
POSITIVE = [1e-300, 1e-9, 0.125, 0.75, 1.0, 1.5, 40.0, 1e300]
PAIRS = [(-2.5, 0.75), (0.5, 3.0), (1e-6, 2e3), (-4.0, -0.125), (3.0, 2.75)]

# ufunc -> the same in mpmath, and the points where it is smooth
SMOOTH: dict[np.ufunc, tuple[Callable[..., Any], list[Any]]] = {
    np.add: (lambda a, b: a + b, PAIRS),
    np.subtract: (lambda a, b: a - b, PAIRS),
    np.multiply: (lambda a, b: a * b, PAIRS),
    np.divide: (lambda a, b: a / b, PAIRS),
    np.power: (lambda a, b: a**b, [(0.5, 3.5), (2.5, -1.75), (30.0, 0.25), (1e-3, 2.5)]),
    np.logaddexp: (
        lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b)),
        [*PAIRS, (-7.0, -8.5), (800.0, 3.0)],
    ),
    np.hypot: (lambda a, b: mpmath.sqrt(a * a + b * b), PAIRS),
    np.arctan2: (mpmath.atan2, PAIRS),
    np.maximum: (max, PAIRS),
    np.minimum: (min, PAIRS),
    np.square: (lambda a: a * a, WIDE),
    np.sqrt: (mpmath.sqrt, POSITIVE),
    np.cbrt: (mpmath.cbrt, POSITIVE),
    np.reciprocal: (lambda a: 1 / a, WIDE),
    np.exp: (mpmath.exp, WIDE),
    np.exp2: (lambda a: mpmath.mpf(2) ** a, WIDE),
    np.expm1: (mpmath.expm1, WIDE),
    np.log: (mpmath.log, POSITIVE),
    np.log2: (lambda a: mpmath.log(a, 2), POSITIVE),
    np.log10: (mpmath.log10, POSITIVE),
    np.log1p: (mpmath.log1p, [-0.75, -1e-9, *POSITIVE]),
    np.sin: (mpmath.sin, WIDE),
    np.cos: (mpmath.cos, WIDE),
    np.tan: (mpmath.tan, WIDE),
    np.arctan: (mpmath.atan, WIDE),
    np.sinh: (mpmath.sinh, WIDE),
    np.cosh: (mpmath.cosh, WIDE),
    # 1 - y·y loses all digits where y is near 1, as automatic differentiation does
    np.tanh: (mpmath.tanh, [-1.25, -0.375, -1e-3, 1e-3, 0.375, 1.25]),
    special.erf: (mpmath.erf, WIDE),
    special.erfc: (mpmath.erfc, [*WIDE[:-1], 25.0]),
    special.expit: (lambda a: 1 / (1 + mpmath.exp(-a)), [x for x in WIDE if x < 5.0]),
    np.negative: (lambda a: -a, WIDE),
    np.positive: (lambda a: a, WIDE),
    np.absolute: (abs, WIDE),
}
STEPS = [ufunc for ufunc, operation in ELEMENTWISE.items() if operation.kind is Kind.DECIDING]
LOGICAL = {
    *(np.logical_and, np.logical_or, np.logical_xor, np.logical_not),
    *(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert),
}
POINTS = [(ufunc, point) for ufunc, (_, points) in SMOOTH.items() for point in points]


def test_every_ufunc_of_the_table_has_a_case() -> None:
    assert set(ELEMENTWISE) == {*SMOOTH, *STEPS}
    assert not set(SMOOTH) & set(STEPS)


@pytest.mark.parametrize(("ufunc", "point"), POINTS, ids=lambda x: getattr(x, "__name__", str(x)))
def test_the_derivative_is_that_of_mpmath(ufunc: np.ufunc, point: Any) -> None:
    exact, at = SMOOTH[ufunc][0], point if isinstance(point, tuple) else (point,)
    with mpmath.workdps(50):
        for i in range(len(at)):
            order = tuple(int(i == j) for j in range(len(at)))
            slope = mpmath.diff(exact, at, order, h=mpmath.mpf(10) ** -30 * abs(at[i]))
            operands = [
                Dual(np.float64(a), np.array([1.0])) if i == j else a for j, a in enumerate(at)
            ]
            got = ufunc(*operands).tangent[0]
            assert abs(got - slope) <= mpmath.mpf(2) ** -48 * abs(slope)


@pytest.mark.parametrize("ufunc", SMOOTH, ids=lambda u: u.__name__)
def test_both_derivatives_add_up(ufunc: np.ufunc) -> None:
    point = SMOOTH[ufunc][1][0]
    at = point if isinstance(point, tuple) else (point,)
    alone = [
        ufunc(*(Dual(np.float64(a), np.array([2.0])) if i == j else a for j, a in enumerate(at)))
        for i in range(len(at))
    ]
    together = ufunc(*(Dual(np.float64(a), np.array([2.0])) for a in at))
    total = sum(r.tangent[0] for r in alone)
    np.testing.assert_allclose(together.tangent[0], total, rtol=1e-14)


@pytest.mark.parametrize("ufunc", ELEMENTWISE, ids=lambda u: u.__name__)
def test_on_samples_it_is_numpy(ufunc: np.ufunc) -> None:
    rng = np.random.default_rng(1)
    shapes = [(4, 2, 3), (4, 3)][: ufunc.nin]
    operands = [rng.uniform(0.25, 0.75, s) for s in shapes]
    if ufunc in LOGICAL:
        operands = [o > 0.5 for o in operands]
    got = rows_of(ufunc(*map(noiseless, operands)), 4)
    for k in range(4):
        np.testing.assert_array_equal(got[k], ufunc(*(o[k] for o in operands)))


@pytest.mark.parametrize("ufunc", STEPS, ids=lambda u: u.__name__)
def test_a_step_is_not_differentiated(ufunc: np.ufunc) -> None:
    if ufunc in LOGICAL:
        return
    operands = [Dual(np.array([0.5, 2.5]), np.ones((1, 2))), 2.5][: ufunc.nin]
    assert isinstance(ufunc(*operands), np.ndarray)


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize(
    "ufunc", [u for u, o in ELEMENTWISE.items() if o.kind is Kind.ROUNDED], ids=lambda u: u.__name__
)
def test_noise_is_kappa_u(ufunc: np.ufunc, dtype: str) -> None:
    arithmetic = Noisy(FORMATS[dtype], (3,), amplitude=16.0 if dtype == "float64" else 1.0)
    a, b = (Sampled(arithmetic.fixed(np.full(500, x)), arithmetic) for x in (0.7, 0.3))
    z = ufunc(*(a, b)[: ufunc.nin]).samples
    noise = z / z[0] - 1.0
    unit = ELEMENTWISE[ufunc].kappa * arithmetic.u
    assert not noise[1 + SAMPLES :].any()
    np.testing.assert_allclose(np.abs(noise[1 : 1 + SAMPLES]), unit, rtol=0.1)
    assert abs(np.sign(noise[1 : 1 + SAMPLES]).mean()) < 0.1
    correlation = np.corrcoef(np.sign(noise[1 : 1 + SAMPLES])) - np.eye(SAMPLES)
    assert np.abs(correlation).max() < 0.3


CONSTANTS = [
    (lambda x: x * 0.3, 2.0),
    (lambda x: np.full(500, 0.3) * x, 2.0),
    (lambda x: x / 0.3, 2.5),
    (lambda x: x + 0.3, 2.0),
    (lambda x: x * 0.75, 1.0),
    (lambda x: x / 3.0, 1.5),
    (lambda x: 3.0 / x, 1.5),
    (lambda x: 0.5 / x, 1.5),
    (lambda x: 1.0 - x, 1.0),
    (lambda x: x * 0.25, 0.0),
    (lambda x: x / 8.0, 0.0),
    (lambda x: x * np.array([[-2.0], [0.5]]), 0.0),
    (lambda x: x * np.array([[True], [True]]), 0.0),
    (lambda x: x * (x > 0.5), 0.0),
    (lambda x: x - 0.0, 0.0),
    (lambda x: x + np.zeros(500), 0.0),
    (lambda x: np.maximum(x, 0.9), 1.0),
    (lambda x: np.where(x > 2.0, x, 0.9), 1.0),
    (lambda x: np.maximum(x, 0.875), 0.0),
    (lambda x: x.sum(0), 500 / 4),
    (lambda x: x[:1].sum(0), 0.0),
    (lambda x: x.sum(0, where=np.arange(500) < 40), 40 / 4),
    (lambda x: x.sum(0, where=np.arange(500) == 7), 0.0),
    (lambda x: x[:4] @ np.eye(4)[:, :1], 0.0),
    (lambda x: x[:4] @ np.array([0.3, 0.0, 0.0, 0.0]), 2.0),
    (lambda x: np.einsum("i,i->i", x, x), 1.0),
]


@pytest.mark.parametrize("i", range(len(CONSTANTS)))
def test_constants_add_noise_or_take_it_away(i: int) -> None:
    call, kappa = CONSTANTS[i]
    arithmetic = Noisy(FORMATS["float32"], (3,))
    z = call(Sampled(arithmetic.fixed(np.full(500, 0.7)), arithmetic)).samples
    noise = np.abs(z / z[0] - 1.0)[1 : 1 + SAMPLES] / arithmetic.u
    np.testing.assert_allclose(noise, kappa, rtol=0.01, atol=1e-6)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_a_half_sum_is_rounded_once_at_the_end(dtype: str) -> None:
    arithmetic = Noisy(FORMATS[dtype], (3,))
    x = Sampled(arithmetic.fixed(np.full(20, 0.7)), arithmetic)
    for z in (x.sum(), x @ x):
        noise = np.abs(z.samples / z.samples[0] - 1.0)[1 : 1 + SAMPLES]
        np.testing.assert_allclose(noise, arithmetic.u, rtol=0.01)


def test_what_is_decided_on_untouched_samples_is_plain() -> None:
    arithmetic = Noisy(FORMATS["float32"], (3,))
    x = Sampled(*arithmetic.perturbed(np.array([1.5, -2.0]))[:1], arithmetic, untouched=True)
    for plain in (x > 1.5, np.sign(x), np.argmax(x), np.floor(-x), np.any(x), x[::-1] == x.max()):
        assert not isinstance(plain, Sampled)
    for varies in (x * 3.0 > 4.5, np.sign(x - 1.5), np.argmax(x * 3.0), x >= 0.1):
        assert isinstance(varies, Sampled)
