"""Initializers: moments by quadrature, fans by counting, orthogonality on SciPy's matrices."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, stats

from layerproof.reference import initializers
from layerproof.reference.initializers import (
    Constant,
    IdentityInitializer,
    Ones,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    Zeros,
)

QUADRATURE = 1e-9
"""Relative error of integrate.quad on these smooth densities, with a margin."""


def moments(distribution: object) -> tuple[float, float, float]:
    """Total, mean and standard deviation, integrated from the density."""
    reach = 12.0 * distribution.std()
    low, high = (min(max(edge, -reach), reach) for edge in distribution.support())
    points = np.linspace(low, high, 13)

    def integral(power: int, center: float = 0.0) -> float:
        return sum(
            integrate.quad(lambda v: (v - center) ** power * distribution.pdf(v), a, b)[0]
            for a, b in itertools.pairwise(points)
        )

    total, mean = integral(0), integral(1)
    return total, mean, math.sqrt(integral(2, mean))


def test_exact_initializers() -> None:
    for shape in [(), (3,), (2, 0), (2, 3, 4)]:
        zeros, ones, sevens = Zeros()(shape), Ones()(shape), Constant(7)(shape)
        assert zeros.shape == ones.shape == sevens.shape == shape
        assert not zeros.any()
        assert (ones == 1).all()
        assert (sevens == 7).all()
    assert Constant()((2,)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 5), (5, 2)])
def test_identity(shape: tuple[int, int]) -> None:
    wanted = [[3.0 if i == j else 0.0 for j in range(shape[1])] for i in range(shape[0])]
    assert IdentityInitializer(3.0)(shape).tolist() == wanted


@pytest.mark.parametrize("shape", [(), (3,), (2, 2, 2)])
def test_identity_is_a_matrix(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not the shape of a matrix"):
        IdentityInitializer()(shape)


def test_normal() -> None:
    distribution = RandomNormal(0.5, 0.7).distribution((4,))
    assert moments(distribution) == pytest.approx((1.0, 0.5, 0.7), rel=QUADRATURE)
    at_one_sigma = 0.5 * math.erfc(-1 / math.sqrt(2))
    assert distribution.cdf(1.2) == pytest.approx(at_one_sigma, rel=1e-14)


def test_uniform() -> None:
    distribution = RandomUniform(-1.0, 2.0).distribution((4,))
    assert distribution.support() == (-1.0, 2.0)
    assert moments(distribution) == pytest.approx((1.0, 0.5, math.sqrt(9 / 12)), rel=QUADRATURE)
    assert distribution.cdf(0.0) == pytest.approx(1 / 3, rel=1e-15)


def test_truncated_normal_is_a_normal_given_two_sigma() -> None:
    mean, sigma = 0.5, 0.25
    distribution = TruncatedNormal(mean, sigma).distribution((4,))
    assert distribution.support() == pytest.approx((0.0, 1.0), abs=1e-15)

    inside = math.erf(2 / math.sqrt(2))  # P(|Z| < 2)
    for v in (0.1, 0.4, 0.5, 0.9):
        z = (v - mean) / sigma
        below = 0.5 * (math.erf(z / math.sqrt(2)) + inside) / inside
        assert distribution.cdf(v) == pytest.approx(below, rel=1e-13)

    density_at_2 = math.exp(-2) / math.sqrt(2 * math.pi)
    own_sigma = sigma * math.sqrt(1 - 4 * density_at_2 / inside)
    assert moments(distribution) == pytest.approx((1.0, mean, own_sigma), rel=QUADRATURE)


def counted_fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """How many elements of a weight meet in one output, and how many leave one input."""
    if len(shape) < 2:
        return np.ones(shape).size, np.ones(shape).size
    return np.ones(shape)[..., 0].size, np.ones(shape)[..., 0, :].size


@pytest.mark.parametrize("shape", [(), (5,), (4, 6), (3, 4, 5), (2, 3, 4, 5), (1, 2, 3, 4, 5)])
@pytest.mark.parametrize("family", ["truncated_normal", "untruncated_normal", "uniform"])
@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
def test_variance_is_scale_over_fan(shape: tuple[int, ...], family: str, mode: str) -> None:
    fan_in, fan_out = counted_fans(shape)
    n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": 0.5 * (fan_in + fan_out)}[mode]
    distribution = VarianceScaling(0.3, mode, family).distribution(shape)
    sigma = math.sqrt(0.3 / n)
    total, mean, deviation = moments(distribution)
    assert total == pytest.approx(1.0, rel=QUADRATURE)
    assert mean == pytest.approx(0.0, abs=QUADRATURE)
    assert deviation == pytest.approx(sigma, rel=QUADRATURE)

    edge = {
        "truncated_normal": 2 * sigma / 0.87962566103423978,  # σ of N(0, 1) within ±2
        "untruncated_normal": math.inf,
        "uniform": math.sqrt(3 * 0.3 / n),
    }[family]
    assert distribution.support() == pytest.approx((-edge, edge), rel=1e-12)


@pytest.mark.parametrize(
    ("input_axes", "output_axes", "fans"),
    [
        ([0, 1], [2], (15, 7)),
        ([1], [2], (5, 7)),
        ([-1], [-2, -3], (7, 15)),
        ([], [2], (1, 7)),
        ([0], None, (3, 21)),
        (None, [0], (15, 3)),
        (None, None, (15, 21)),
    ],
)
def test_axes_decide_the_fans(
    input_axes: list[int] | None, output_axes: list[int] | None, fans: tuple[int, int]
) -> None:
    scaling = VarianceScaling(input_axes=input_axes, output_axes=output_axes)
    assert scaling.fans((3, 5, 7)) == fans
    glorot = initializers.GlorotUniform(input_axes=input_axes, output_axes=output_axes)
    limit = math.sqrt(6 / sum(fans))
    assert glorot.distribution((3, 5, 7)).support() == pytest.approx((-limit, limit), rel=1e-15)


@pytest.mark.parametrize(
    ("name", "variance", "normal"),
    [
        ("GlorotNormal", 2 / (24 + 30), True),
        ("GlorotUniform", 2 / (24 + 30), False),
        ("HeNormal", 2 / 24, True),
        ("HeUniform", 2 / 24, False),
        ("LecunNormal", 1 / 24, True),
        ("LecunUniform", 1 / 24, False),
    ],
)
def test_named_settings(name: str, variance: float, normal: bool) -> None:
    distribution = getattr(initializers, name)(seed=3).distribution((2, 3, 4, 5))
    _, _, deviation = moments(distribution)
    assert deviation == pytest.approx(math.sqrt(variance), rel=QUADRATURE)
    flat = distribution.pdf(0.0) == pytest.approx(distribution.pdf(0.9 * deviation), rel=1e-12)
    assert flat != normal


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"scale": 0.0}, "scale=0.0"),
        ({"scale": -1.0}, "scale=-1.0"),
        ({"mode": "fan"}, "mode='fan'"),
        ({"distribution": "cauchy"}, "distribution='cauchy'"),
    ],
)
def test_variance_scaling_refuses(config: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        VarianceScaling(**config)


@pytest.mark.parametrize("shape", [(4, 4), (6, 4), (4, 6), (2, 3, 4), (1, 2, 5)])
def test_orthogonal_accepts_what_is_orthogonal(shape: tuple[int, ...]) -> None:
    rows, columns = math.prod(shape[:-1]), shape[-1]
    full = stats.ortho_group.rvs(max(rows, columns), random_state=0)
    draw = (1.5 * full[:rows, :columns]).reshape(shape)
    orthogonal = Orthogonal(1.5)
    expected = orthogonal.expected_gram(shape)
    assert expected.shape == (min(rows, columns),) * 2
    np.testing.assert_allclose(orthogonal.gram(draw), expected, atol=1e-14)

    draw[..., 0] *= 1.01
    assert np.abs(orthogonal.gram(draw) - expected).max() > 1e-3


def test_orthogonal_wants_two_axes() -> None:
    with pytest.raises(ValueError, match="fewer than two axes"):
        Orthogonal().expected_gram((3,))
