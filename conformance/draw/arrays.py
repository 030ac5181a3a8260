"""Families of values, from simple to nasty, so that shrinking ends at simple ones.

An array is a pure function of (family, shape, dtype, seed): NumPy's PCG64 gives the same bits on
every machine. Everything is rounded to the tested dtype here, before the oracle sees it.
"""

import ml_dtypes
import numpy as np
from hypothesis import strategies as st

from ...reference.core import Array, Shape

FINITE = (
    *("small_integers", "zeros", "ones", "iota", "normal", "positive"),
    *("near_ties", "large_mean", "wide", "edges"),
)
SPECIAL = ("signed_zeros", "subnormal", "huge", "infinite", "nan")

_USUAL = (
    *("small_integers", "normal", "normal", "zeros", "ones", "iota", "positive"),
    *("near_ties", "large_mean", "wide", "normal", "edges"),
)
"""What ``families`` samples: simple first, ``normal`` oftener than the rest."""

EDGES = np.array(
    [
        *(0, 1e-30, 1e-20, 1e-10, 1e-7, 1e-5, 1e-3, 0.1, 0.2, 0.3, 0.5, 1, 1.5, 2, 2.5, 2.999, 3),
        *(3.001, 4, 5, 5.5, 6, 6.001, 7, 8, 9, 10, 12, 13.9, 15, 17, 20, 25, 30, 40, 60, 80, 87.2),
        *(88.5, 100),
    ]
)
"""Where the formulas of activations change character: thresholds, saturation, cancellation."""


def families(special: bool = True) -> st.SearchStrategy[str]:
    """A family of values; about one in four is special (NaN, Inf, ±0, subnormal, huge)."""
    usual = st.sampled_from(_USUAL)
    if not special:
        return usual
    return st.integers(0, 3).flatmap(lambda k: st.sampled_from(SPECIAL) if k == 3 else usual)


def floats(family: str, shape: Shape, dtype: str, seed: int) -> Array:
    """An array of ``family``, rounded to ``dtype``."""
    rng = np.random.default_rng([seed, *shape])
    info = ml_dtypes.finfo(dtype)
    normal = rng.normal(size=shape)
    x: Array
    match family:
        case "zeros":
            x = np.zeros(shape)
        case "ones":
            x = np.ones(shape)
        case "small_integers":
            x = rng.integers(-4, 5, shape)
        case "iota":
            x = np.arange(np.prod(shape, dtype=int)).reshape(shape) % 251
        case "normal":
            x = normal
        case "positive":
            x = np.abs(normal) + 2.0**-6
        case "near_ties":
            x = np.rint(normal) * (1 + rng.integers(-2, 3, shape) * float(info.eps))
        case "large_mean":
            x = 100.0 + normal * 0.1
        case "wide":
            x = normal * 10.0 ** rng.uniform(-4, 4 if info.bits > 16 else 2, shape)
        case "edges":
            x = rng.choice(EDGES, shape) * rng.choice([-1, 1], shape)
        case "signed_zeros":
            x = np.copysign(0.0, normal)
        case "subnormal":
            x = normal * float(info.smallest_normal) * 0.5
        case "huge":
            x = normal * 10.0 ** rng.uniform(0, 0.6 * np.log10(float(info.max)), shape)
        case "infinite":
            x = _sprinkle(normal, np.array([np.inf, -np.inf, 0.0, 1.0]), rng)
        case "nan":
            x = _sprinkle(normal, np.array([np.nan]), rng)
        case _:
            raise ValueError(f"unknown family of values {family!r}")
    return np.asarray(x, np.float64).astype(dtype)


def _sprinkle(x: Array, values: Array, rng: np.random.Generator) -> Array:
    """About a quarter of ``x``, and at least its first element, replaced by ``values``."""
    here = rng.random(x.shape) < 0.25
    here.flat[:1] = True
    return np.where(here, rng.choice(values, x.shape), x)


def integers(low: int, high: int, shape: Shape, dtype: str, seed: int) -> Array:
    """Uniform integers in [low, high]."""
    return np.random.default_rng([seed, *shape]).integers(low, high + 1, shape).astype(dtype)
