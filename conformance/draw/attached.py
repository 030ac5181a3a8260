"""What a layer may carry: activations, regularizers, constraints, initializers, masks."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...reference.core import Array
from .cases import SEEDS, nested


def activations() -> st.SearchStrategy[str]:
    """Names of activations: piecewise linear, saturating, along an axis."""
    return st.sampled_from(["relu", "linear", "tanh", "sigmoid", "softmax", "gelu"])


def regularizers() -> st.SearchStrategy[Any]:
    """By name, and as objects with their arguments."""
    return st.sampled_from(
        [
            "l2",
            "l1",
            nested("regularizers.L1L2", l1=0.25, l2=0.125),
            nested("regularizers.L1", l1=0.5),
        ]
    )


def constraints() -> st.SearchStrategy[Any]:
    """By name, and as objects with their arguments."""
    return st.sampled_from(
        [
            *("non_neg", "unit_norm", nested("constraints.MaxNorm", max_value=1.5, axis=0)),
            nested("constraints.MinMaxNorm", min_value=0.5, max_value=1.0, rate=0.5, axis=0),
        ]
    )


def initializers() -> st.SearchStrategy[Any]:
    """Exact and random ones, by name and as objects."""
    return st.sampled_from(
        [
            *("ones", "zeros", nested("initializers.Constant", value=0.75), "he_uniform"),
            nested("initializers.RandomUniform", minval=-0.5, maxval=0.25, seed=7),
            nested("initializers.TruncatedNormal", mean=0.5, stddev=0.25, seed=7),
        ]
    )


@st.composite
def masks(draw: st.DrawFn, shape: tuple[int, ...]) -> Array:
    """True = use. Full, interior holes, leading, trailing, and a row with nothing."""
    kind = draw(st.sampled_from(["all", "random", "leading", "trailing", "row"]))
    rng = np.random.default_rng([draw(SEEDS), *shape])
    mask = np.ones(shape, bool)
    match kind:
        case "random":
            mask = rng.random(shape) < 0.6
        case "leading":
            mask[..., :1] = False
        case "trailing":
            mask[..., -1:] = False
        case "row":
            mask[:1] = False
    return mask
