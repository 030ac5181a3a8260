"""Cases of regularizers and constraints: arrays of vectors along chosen axes, short ones and zero."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import Case
from ...reference.core import Array, Shape
from ..bounds import FORMATS
from ..program import Program
from .arrays import families, floats
from .cases import SEEDS, plain_case
from .elementwise import arguments
from .shapes import shapes

EXACT = (0.5, 1.0, 2.0)
FACTORS = st.sampled_from([*EXACT, 0.3, 0.1, 3, 0.0])
"""Factors of penalties: exact ones, some that every dtype must round, an int, none at all."""

NEAR = 8
"""A norm within so many roundings of a threshold may be on either side of it."""

INTEGRAL = st.sampled_from(["small_integers", "ones", "iota"])
"""Families for factors that need no rounding."""


@st.composite
def axes(draw: st.DrawFn, rank: int) -> int | list[int]:
    """One axis or several, from either end, in any order."""
    names = draw(st.permutations(range(-rank, rank)))
    distinct = list({name % rank: name for name in names}.values())
    several = distinct[: draw(st.integers(1, rank))]
    return several if draw(st.booleans()) else several[0]


@st.composite
def vector_cases(
    draw: st.DrawFn,
    item: str,
    dtype: str,
    config: dict[str, st.SearchStrategy[Any]] | None = None,
    *,
    axis: bool = False,
    low: int = 1,
    high: int = 4,
) -> Case:
    """A case of a regularizer or constraint; with ``axis`` that argument is drawn to fit the rank."""
    shape = draw(shapes(low, high))
    if draw(st.integers(0, 15)) == 15:
        shape = (0, *shape[1:])
    choices = dict(config or {}) | ({"axis": axes(len(shape))} if axis else {})
    given = draw(arguments(choices))
    exact = any(v in EXACT for v in given.values() if isinstance(v, float))
    family = draw(INTEGRAL if exact and draw(st.booleans()) else families())
    x = _with_zero_vectors(draw, floats(family, shape, dtype, draw(SEEDS)), shape)
    return plain_case(item, given, x, dtype, family)


def _with_zero_vectors(draw: st.DrawFn, x: Array, shape: Shape) -> Array:
    """Now and then the first slice of some axis is zero: a vector without a direction."""
    if draw(st.integers(0, 7)) < 7:
        return x
    axis = draw(st.integers(0, len(shape) - 1))
    first = np.arange(shape[axis]).reshape(-1, *(1,) * (len(shape) - 1 - axis)) == 0
    return np.where(first, x.dtype.type(0), x)


def whole_corners(item: str, **config: Any) -> tuple[Callable[[str], Case], ...]:
    """Small integers under a configuration that needs no rounding."""

    def corner(shape: Shape) -> Callable[[str], Case]:
        return lambda dtype: plain_case(
            item, config, floats("small_integers", shape, dtype, 1), dtype, "small_integers"
        )

    return tuple(map(corner, ((3,), (2, 3), (4, 4, 3))))


def kinks_at_norms(program: Program, *lengths: float) -> dict[str, Array]:
    """Elements of vectors, along the constraint's axis, whose norm is a threshold of it.

    An element that is 0 does not change the norm; the norm of a zero vector has no kink of its own,
    being multiplied by that vector.
    """
    axis = program.layer.apply.axis
    u = FORMATS[program.case.dtype].u
    masks = {}
    for name, x in program.arguments.items():
        norm = np.sqrt(np.square(x).sum(axis if isinstance(axis, int) else tuple(axis), keepdims=True))
        near = [np.abs(norm - length) <= NEAR * u * length for length in lengths if length]
        masks[name] = np.any(near, axis=0) & (x != 0.0) if near else np.zeros(x.shape, bool)
    return masks
