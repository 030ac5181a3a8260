"""Cases of normalization layers: values that make statistics hard, axes in every form."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import Case
from ...reference.core import Array, Shape
from ..spec import Law
from ..symmetries import BATCH_INDEPENDENT, with_inputs
from .arrays import families, floats
from .attached import constraints, initializers, masks, regularizers
from .cases import SEEDS

SMALL = ((3, 3), (2, 2, 2), (2, 3), (4, 1), (2, 3, 1), (2, 2, 2, 2))
LARGE = ((32, 32), (4, 4, 8, 8))
"""A fixed palette, for compiled backends pay for every new shape; a third of the cases is large."""

EPSILONS = st.sampled_from([1e-5, 0.5, 0.01, 1e-7])

AFFINE = {
    "epsilon": EPSILONS,
    "center": st.booleans(),
    "scale": st.booleans(),
    "beta_initializer": initializers(),
    "gamma_initializer": initializers(),
    "beta_regularizer": regularizers(),
    "gamma_regularizer": regularizers(),
    "beta_constraint": st.just("non_neg"),
    "gamma_constraint": constraints(),
}
"""The arguments that normalization layers with scale and offset share."""

_FAMILIES = st.sampled_from(
    ["normal", "large_mean", "near_ties", "wide", "zeros", "small_integers"]
)


AXES = {
    2: (-1, 0, 1, -2, [0, 1], [-1, 0], [1], [1, 0]),
    3: (
        -1,
        0,
        1,
        -2,
        [1, 2],
        [2, 1],
        [-2, -1],
        [0, 1],
        [-2],
        [0, 2],
        [-1, 1],
        [0, 1, 2],
        [2, 0, 1],
    ),
    4: (-1, 0, 2, -3, [1, 2, 3], [3, 2], [1, 2], [1], [1, 3], [-1, 1], [0, 1, 2, 3], [-1, -3, -2]),
}
"""By rank, axes in every form: one or several, from either end, in any order, with gaps."""


def axes(rank: int) -> st.SearchStrategy[int | list[int]]:
    """One axis or several."""
    return st.sampled_from(AXES[rank])


@st.composite
def palette(draw: st.DrawFn) -> Shape:
    """A shape of the fixed palette."""
    return draw(st.sampled_from(LARGE if draw(st.integers(0, 2)) == 2 else SMALL))


@st.composite
def values(draw: st.DrawFn, shape: Shape, dtype: str) -> tuple[str, Array]:
    """(family, array of it); large means with a small spread, and slices of one value, abound."""
    family = draw(_FAMILIES if draw(st.integers(0, 2)) == 2 else families())
    return family, floats(family, shape, dtype, draw(SEEDS))


@st.composite
def carried(draw: st.DrawFn, shape: Shape) -> Array | None:
    """The mask that an input carries: one in three has one."""
    return draw(masks(shape[:-1])) if draw(st.integers(0, 2)) == 2 else None


def folded(program: Any) -> list[Callable[..., Any]]:
    """The other order of operations that implementations use: x · r + (beta - mean · r)."""
    return [program.layer.folded]


def axes_in(config: Mapping[str, Any], rank: int) -> set[int]:
    """The axes of a configuration, from the front."""
    axis = config.get("axis", -1)
    return {a % rank for a in ([axis] if isinstance(axis, int) else axis)}


def independent_examples(when: Callable[[Case], bool] = lambda case: True) -> Law:
    """Batch independence, of cases that do not normalise over the batch or by it."""

    def derive(case: Case) -> Case | None:
        alone = 0 not in axes_in(case.config, case.calls[0].inputs[0].ndim)
        return BATCH_INDEPENDENT.derive(case) if alone and when(case) else None

    return replace(BATCH_INDEPENDENT, derive=derive)


REVERSED_EXAMPLES = Law(
    "order: reversed examples give reversed results",
    lambda case: (
        with_inputs(case, lambda x: np.flip(x, 0))
        if len(case.calls) == 1 and 0 not in axes_in(case.config, case.calls[0].inputs[0].ndim)
        else None
    ),
    lambda case, outputs: tuple(np.flip(y, 0) for y in outputs),
)
"""Of layers whose weights do not lie along the batch."""
