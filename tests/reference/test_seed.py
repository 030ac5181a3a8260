"""The seed's variants: their values, and where they differ from those of Keras 3."""

from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest

from layerproof.reference import activations, identifiers, seed
from layerproof.reference.layers import LeakyReLU

mpmath.mp.dps = 50
TABLE = Path(__file__).parents[2] / "docs" / "seed_vs_keras.md"
X = np.concatenate([np.linspace(-9, 9, 145), np.nextafter([-2.5, 2.5, -3, 3], 0), [1e300, -1e300]])


def clipped(x: float) -> Fraction:
    """max(0, min(1, 0.2 x + 0.5)) in exact arithmetic."""
    return max(Fraction(0), min(Fraction(1), Fraction(x) / 5 + Fraction(1, 2)))


def within_two_ulp(got: np.ndarray, exact: list[Fraction]) -> bool:
    errors = [abs(Fraction(g) - e) for g, e in zip(got.tolist(), exact, strict=True)]
    return all(
        d <= 2 * Fraction(float(np.spacing(abs(float(e)))))
        for d, e in zip(errors, exact, strict=True)
    )


def test_hard_sigmoid_and_hard_silu():
    assert within_two_ulp(seed.hard_sigmoid_seed(X), [clipped(x) for x in X.tolist()])
    products = [Fraction(x) * clipped(x) for x in X.tolist()]
    assert within_two_ulp(seed.hard_silu_seed(X), products)


@pytest.mark.parametrize("name", ["hard_sigmoid", "hard_silu"])
def test_they_differ_from_keras_3_wherever_both_are_not_flat(name):
    keras, old = getattr(activations, name), getattr(seed, f"{name}_seed")
    x = np.array([-2.75, -2.0, -1.0, 1.0, 2.0, 2.75])
    assert (keras(x) != old(x)).all()
    flat = np.array([-4.0, 0.0, 4.0])
    np.testing.assert_array_equal(keras(flat), old(flat))


def test_gelu_is_the_tanh_formula():
    x = np.linspace(-3, 3, 49)
    for v, got in zip(x.tolist(), seed.gelu_seed(x).tolist(), strict=True):
        u = mpmath.sqrt(2 / mpmath.pi) * (v + mpmath.mpf("0.044715") * mpmath.mpf(v) ** 3)
        exact = mpmath.mpf(v) / 2 * (1 + mpmath.tanh(u))
        assert abs(got - exact) <= 40 * mpmath.mpf(float(np.spacing(abs(float(exact)))))
    difference = np.abs(seed.gelu_seed(x) - activations.gelu(x)).max()
    assert 1e-4 < difference < 1e-3


def test_leaky_relu_slopes():
    x = np.array([-10.0, -1.0, 0.0, 2.0])
    np.testing.assert_array_equal(seed.leaky_relu_seed(x), [-1.0, -0.1, 0.0, 2.0])
    np.testing.assert_array_equal(seed.leaky_relu_seed(x, alpha=0.01), [-0.1, -0.01, 0.0, 2.0])
    np.testing.assert_array_equal(activations.leaky_relu(x), [-2.0, -0.2, 0.0, 2.0])
    np.testing.assert_array_equal(LeakyReLU()({}, x), [-3.0, -0.3, 0.0, 2.0])
    np.testing.assert_array_equal(LeakyReLU(negative_slope=0.1)({}, x), seed.leaky_relu_seed(x))


def test_aliases():
    assert identifiers.activation("swish") is activations.silu
    assert identifiers.activation("hard_swish") is activations.hard_silu


def test_every_variant_is_in_the_table():
    variants = [name for name in vars(seed) if name.endswith("_seed")]
    text = TABLE.read_text(encoding="utf-8")
    assert variants
    assert [name for name in variants if f"seed.{name}" not in text] == []
