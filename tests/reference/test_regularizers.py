"""Regularizers against exact sums in plain Python and against SciPy's cosine distances."""

import math

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from layerproof.reference.regularizers import L1, L1L2, L2, OrthogonalRegularizer, Regularizer

EXACT = 4e-16
"""Relative: two roundings in float64."""

SUMS = 1e-14
"""Relative: NumPy's pairwise sum of a few hundred terms against an exact one."""


def tensors() -> list[np.ndarray]:
    """Some tensors of every rank up to 4, one of them empty and one of wide scale."""
    rng = np.random.default_rng(4)
    shapes = [(), (1,), (7,), (0, 3), (5, 6), (2, 3, 4), (3, 2, 4, 5)]
    wide = rng.normal(size=(20, 5)) * 10.0 ** rng.integers(-4, 5, size=(20, 5))
    return [rng.normal(size=shape) for shape in shapes] + [wide]


@pytest.mark.parametrize("x", tensors(), ids=lambda x: str(x.shape))
@pytest.mark.parametrize(("l1", "l2"), [(0.01, 0.01), (0.5, 0.0), (0.0, 3.0), (0.0, 0.0)])
def test_absolute_values_and_squares(x: np.ndarray, l1: float, l2: float) -> None:
    elements = [float(v) for v in x.ravel()]
    absolute = l1 * math.fsum(math.fabs(v) for v in elements)
    squared = l2 * math.fsum(v * v for v in elements)
    assert L1(l1)(x) == pytest.approx(absolute, rel=SUMS, abs=0)
    assert L2(l2)(x) == pytest.approx(squared, rel=SUMS, abs=0)
    assert L1L2(l1, l2)(x) == pytest.approx(absolute + squared, rel=SUMS, abs=0)
    assert np.shape(L1L2(l1, l2)(x)) == ()


def test_small_integers_are_exact() -> None:
    x = np.arange(-8.0, 8.0).reshape(4, 4)
    assert L1(0.5)(x) == 32.0
    assert L2(0.25)(x) == 86.0
    assert L1L2(0.5, 0.25)(x) == 118.0


def test_documented_defaults() -> None:
    ones = np.ones((5, 5))
    assert L1()(ones) == pytest.approx(0.25, rel=EXACT)
    assert L2()(ones) == pytest.approx(0.25, rel=EXACT)
    assert L1L2()(ones) == 0.0


def test_a_factor_of_zero_switches_off_also_for_infinity() -> None:
    x = np.array([np.inf, 1.0])
    assert L1L2(l1=0.0, l2=2.0)(x) == np.inf
    assert L1L2(l1=1.0, l2=0.0)(x) == np.inf
    assert L1L2()(x) == 0.0


@pytest.mark.parametrize("shape", [(2, 2), (2, 5), (5, 2), (6, 6), (9, 4)])
def test_orthogonal_is_the_mean_absolute_cosine(shape: tuple[int, int]) -> None:
    x = np.random.default_rng(5).normal(size=shape)
    for mode, vectors in (("rows", x), ("columns", x.T)):
        cosines = 1.0 - pdist(vectors, "cosine")  # each pair once
        got = OrthogonalRegularizer(0.3, mode)(x)
        assert got == pytest.approx(0.3 * np.abs(cosines).mean(), rel=1e-12)
        signed = OrthogonalRegularizer(0.3, mode).readings(x)["signed values"]
        assert signed == pytest.approx(0.3 * cosines.mean(), rel=1e-11)


def test_orthogonal_does_not_see_lengths() -> None:
    x = np.array([[3.0, 4.0], [4.0, 3.0]])
    for length in (1e-5, 1.0, 1e5):
        got = OrthogonalRegularizer(1.0)(x * [[1.0], [length]])
        assert got == pytest.approx(24 / 25, rel=EXACT)


def test_orthogonal_at_its_edges() -> None:
    assert OrthogonalRegularizer(1.0)(np.eye(4)) == 0.0
    assert OrthogonalRegularizer(1.0)(np.array([[0.0, 0.0], [1.0, 2.0]])) == 0.0
    one = np.array([[1.0, 2.0]])
    assert np.isnan(OrthogonalRegularizer(1.0)(one))
    readings = OrthogonalRegularizer(1.0).readings(one)
    assert list(readings) == ["no pairs: nan", "no pairs: 0"]
    assert readings["no pairs: 0"] == 0.0


def test_orthogonal_refuses() -> None:
    with pytest.raises(ValueError, match="mode='diagonal'"):
        OrthogonalRegularizer(mode="diagonal")
    for shape in [(3,), (2, 2, 2)]:
        with pytest.raises(ValueError, match="not a matrix"):
            OrthogonalRegularizer()(np.ones(shape))


def test_the_base_class_penalises_nothing() -> None:
    assert Regularizer()(np.full((3, 2), 7.0)) == 0.0
    assert Regularizer.from_config(Regularizer().get_config()) == Regularizer()


@pytest.mark.parametrize(
    ("regularizer", "config"),
    [
        (L1(0.3), {"l1": 0.3}),
        (L2(0.1), {"l2": 0.1}),
        (L1L2(0.2, 0.4), {"l1": 0.2, "l2": 0.4}),
        (OrthogonalRegularizer(2.0, "columns"), {"factor": 2.0, "mode": "columns"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_config_round_trip(regularizer: Regularizer, config: dict) -> None:
    assert regularizer.get_config() == config
    assert type(regularizer).from_config(config) == regularizer
