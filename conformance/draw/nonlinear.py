"""Cases of the activations, as functions and as layers without weights of their own shape.

What they have in common: values exactly on the points where a formula changes, and enough large
arrays for statistics over a whole survey.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import Case
from ...reference.core import Array, Shape
from ..bounds import FORMATS
from .arrays import SPECIAL, families, floats
from .attached import masks
from .cases import SEEDS, layer_case, plain_case
from .elementwise import arguments
from .shapes import sizes

Points = Sequence[float] | Callable[[Mapping[str, Any]], Sequence[float]]
"""The points where the formula changes, perhaps depending on the configuration."""

KINDS = (*("small",) * 6, *("equal",) * 2, "empty", *("large",) * 7)
"""Shapes, simplest first."""


@st.composite
def many_shapes(draw: st.DrawFn, low: int = 1, high: int = 3, largest: int = 2048) -> Shape:
    """A shape of ``low`` to ``high`` axes: nearly half have ``largest`` elements, some none."""
    rank = draw(st.integers(low, high))
    match draw(st.sampled_from(KINDS)):
        case "large":
            return (4,) * (rank - 1) + (largest // 4 ** (rank - 1),)
        case "empty":
            return (0, *(draw(sizes()) for _ in range(rank - 1)))
        case "equal":
            return (draw(sizes()),) * rank
    return tuple(draw(sizes()) for _ in range(rank))


@st.composite
def values(
    draw: st.DrawFn, shape: Shape, dtype: str, points: Sequence[float] = ()
) -> tuple[str, Array]:
    """(family, array of it); in half of the ordinary ones a quarter sits on ``points``.

    Small integers are likely, for they alone can need no rounding.
    """
    family = draw(families() | families() | families() | st.just("small_integers"))
    seed = draw(SEEDS)
    x = floats(family, shape, dtype, seed)
    if not points or family in SPECIAL or not draw(st.booleans()):
        return family, x
    rng = np.random.default_rng([seed, 1, *shape])
    here = rng.random(shape) < 0.25
    return family, np.where(here, rng.choice(np.array(points).astype(dtype), shape), x)


@st.composite
def function_of_points(
    draw: st.DrawFn,
    item: str,
    dtype: str,
    config: Mapping[str, st.SearchStrategy[Any]] | None = None,
    points: Points = (),
    largest: int = 2048,
) -> Case:
    """A case of an elementwise function; each argument is left at its default half of the time."""
    given = draw(arguments(dict(config or {})))
    shape = draw(many_shapes(largest=largest))
    family, x = draw(values(shape, dtype, _of(points, given)))
    return plain_case(item, given, x, dtype, family)


@st.composite
def layer_of_points(
    draw: st.DrawFn,
    item: str,
    dtype: str,
    config: Mapping[str, st.SearchStrategy[Any]],
    points: Points,
    largest: int = 2048,
) -> Case:
    """A case of an elementwise layer; one in three inputs carries a mask."""
    given = draw(arguments(dict(config)))
    shape = draw(many_shapes(largest=largest))
    family, x = draw(values(shape, dtype, _of(points, given)))
    masked = len(shape) > 1 and draw(st.integers(0, 2)) == 2
    mask = draw(masks(shape[:-1])) if masked else None
    return draw(layer_case(item, given, [x], dtype, family=family, masks=[mask]))


def on(points: Points) -> Callable[[Any], dict[str, Array]]:
    """The kinks of a case whose input sits on ``points``, also if they are rounded to its dtype."""

    def kinks(program: Any) -> dict[str, Array]:
        exact = np.array(_of(points, program.case.config), np.float64)
        rounded = exact.astype(program.case.dtype).astype(np.float64)
        found = np.concatenate((exact, rounded))
        return {name: np.isin(x, found) for name, x in program.arguments.items()}

    return kinks


def subnormals_kept(program: Any) -> dict[str, Callable[..., Any]]:
    """The reading of an item that keeps what is positive, where comparing takes subnormals for 0.

    Hardware that does so returns a negative subnormal as it is. No reading where there is none.
    """
    format = FORMATS[program.case.dtype]
    x = program.arguments["calls/0/inputs/0"]
    if format.gradual or not ((np.abs(x) < format.tiny) & (x < 0)).any():
        return {}

    def kept(w: Any, x: Array) -> Array:
        return np.where(np.abs(x) < format.tiny, x, program.layer(w, x))

    return {"subnormals compare as zeros": kept}


def limit_on_the_left(program: Any) -> dict[str, Callable[..., Any]]:
    """The readings of x times a gate that vanishes on the left: at -inf the limit, not -inf · 0."""
    return {"0 at -inf": lambda w, x: np.where(x == -np.inf, 0.0, program.layer(w, x))}


def softplus_as_documented(x: Array) -> Array:
    """log(exp(x) + 1), which cancels on the left; x itself where exp may overflow."""
    inside = np.where(x > 10.0, 10.0, x)
    return np.where(x > 10.0, x + np.log1p(np.exp(-np.abs(x))), np.log(np.exp(inside) + 1.0))


def _of(points: Points, config: Mapping[str, Any]) -> Sequence[float]:
    return points(config) if callable(points) else points
