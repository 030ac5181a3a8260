"""Cases of regularizers and constraints: vectors along chosen axes, short ones and zero."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import Case
from ...reference.core import Array, Shape
from ..bounds import FORMATS
from ..program import Program
from .arrays import SPECIAL, families, floats
from .cases import SEEDS, plain_case
from .elementwise import arguments

EXACT = (0.5, 1.0, 2.0)
FACTORS = st.sampled_from([*EXACT, 0.3, 0.1, 0.0])
"""Factors of penalties: exact ones, some that every dtype must round, none at all."""

INTEGRAL = st.sampled_from(["small_integers", "ones", "iota"])
"""Families for factors that need no rounding."""

SMALL = (
    *((2, 3), (3,), (3, 3), (1, 4), (4, 1), (2, 2, 3), (3, 1, 2)),
    *((2, 2, 2, 2), (3, 2, 1, 4), (1, 1), (0, 3)),
)
LARGE = ((4, 256), (1024,), (4, 4, 64), (4, 4, 4, 16))
"""A fixed palette, for compiled backends pay for every new shape; a third of the cases is large."""

NEAR = 8
"""A norm within so many roundings of a threshold may be on either side of it."""


@st.composite
def palette(draw: st.DrawFn, ranks: Iterable[int] = (1, 2, 3, 4)) -> Shape:
    """A shape of the fixed palette with one of the ranks."""
    chosen = [s for s in (LARGE if draw(st.integers(0, 2)) == 2 else SMALL) if len(s) in ranks]
    return draw(st.sampled_from(chosen))


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
    short: bool = False,
    among: st.SearchStrategy[Shape] | None = None,
) -> Case:
    """A case of a regularizer or constraint; with ``axis`` that argument is drawn to fit the rank.

    With ``short`` half of the arrays are an eighth of what their family gives.
    """
    shape = draw(palette() if among is None else among)
    given = draw(arguments(dict(config or {}) | ({"axis": axes(len(shape))} if axis else {})))
    family = draw(_families(given))
    x = _with_zero_vectors(draw, floats(family, shape, dtype, draw(SEEDS)), shape)
    if short and draw(st.booleans()):
        x = x * x.dtype.type(0.125)
    return plain_case(item, given, x, dtype, family)


def whole_corners(item: str, **config: Any) -> tuple[Callable[[str], Case], ...]:
    """Small integers under a configuration that needs no rounding."""

    def corner(shape: Shape) -> Callable[[str], Case]:
        return lambda dtype: plain_case(
            item, config, floats("small_integers", shape, dtype, 1), dtype, "small_integers"
        )

    return tuple(map(corner, ((3,), (2, 3), (1, 4))))


def kinks_at_norms(program: Program, *lengths: float) -> dict[str, Array]:
    """Elements of vectors, along the constraint's axis, whose norm is a threshold of it.

    An element that is 0 does not change the norm; the norm of a zero vector has no kink of its own,
    being multiplied by that vector.
    """
    axis = program.layer.apply.axis
    axis = axis if isinstance(axis, int) else tuple(axis)
    u = FORMATS[program.case.dtype].u
    masks = {}
    for name, x in program.arguments.items():
        norm = np.sqrt(np.square(x).sum(axis, keepdims=True))
        near = [np.abs(norm - n) <= NEAR * u * n for n in lengths if n]
        masks[name] = np.any(near, axis=0) & (x != 0.0) if near else np.zeros(x.shape, bool)
    return masks


@st.composite
def _families(draw: st.DrawFn, given: dict[str, Any]) -> str:
    """One in three special; often whole numbers where the arguments are."""
    if draw(st.integers(0, 2)) == 2:
        return draw(st.sampled_from([*SPECIAL, "signed_zeros", "nan"]))
    exact = any(value in EXACT for value in given.values() if isinstance(value, float))
    return draw(INTEGRAL if exact and draw(st.booleans()) else families(special=False))


def _with_zero_vectors(draw: st.DrawFn, x: Array, shape: Shape) -> Array:
    """Now and then the first slice of some axis is zero: a vector without a direction."""
    if draw(st.integers(0, 7)) < 7:
        return x
    axis = draw(st.integers(0, len(shape) - 1))
    first = np.arange(shape[axis]).reshape(-1, *(1,) * (len(shape) - 1 - axis)) == 0
    return np.where(first, x.dtype.type(0), x)
