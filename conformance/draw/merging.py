"""Cases of the layers that merge several inputs into one, their laws and their kinks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import Case, Step
from ...reference.core import Array, Shape
from ...reference.layers.merging import aligned
from ..spec import Law
from .arrays import families, floats, integers
from .attached import masks
from .cases import SEEDS, layer_case
from .shapes import sizes

LARGE = ((8, 128), (4, 16, 16), (4, 4, 8, 8))
"""Shapes with enough elements for statistics over a survey."""

NO_WEIGHTS = {"weights": "it has none"}
NO_ROUNDING = {"gain": "it moves values without rounding any", **NO_WEIGHTS}
"""What the items of this kind are without."""

INTEGERS = ((-9, 9, "int32"),)
BYTES = ((-9, 9, "int32"), (0, 255, "uint8"))
ANY = (*BYTES, (0, 1, "bool"))
"""Lowest, highest and dtype of the integers that a layer takes without overflow."""


@st.composite
def one_shape(draw: st.DrawFn, low: int = 2, high: int = 4) -> Shape:
    """A shape of ``low`` to ``high`` axes: one in three large, some equal, some of no sample."""
    kind = draw(st.integers(0, 11))
    if kind > 7:
        return draw(st.sampled_from(LARGE))
    rank = draw(st.integers(low, high))
    if kind > 5:
        return (draw(sizes()),) * rank
    return (0 if kind == 5 else draw(sizes()), *(draw(sizes()) for _ in range(rank - 1)))


@st.composite
def broadcast(draw: st.DrawFn, shape: Shape) -> Shape:
    """A shape that broadcasts to ``shape``: axes of length 1, or fewer axes behind the batch."""
    kept = [n if draw(st.booleans()) else 1 for n in shape[1:]]
    return (shape[0], *kept[draw(st.integers(0, len(kept) - 1)) :])


@st.composite
def merged(
    draw: st.DrawFn,
    item: str,
    dtype: str,
    counts: Sequence[int] = (2, 3, 2, 4, 1),
    whole: Sequence[tuple[int, int, str]] = INTEGERS,
) -> Case:
    """A case of an elementwise merge: of equal shapes mostly, one in six broadcasts."""
    shape = draw(one_shape())
    shapes = [shape] * draw(st.sampled_from(counts))
    equal = draw(st.integers(0, 5)) < 5
    if not equal:
        shapes = [shape, *(draw(broadcast(shape)) for _ in shapes[1:])]
        shapes = draw(st.permutations(shapes))
    return draw(case_of(item, {}, shapes, dtype, whole=whole, masked=equal))


@st.composite
def case_of(
    draw: st.DrawFn,
    item: str,
    config: Mapping[str, Any],
    shapes: Sequence[Shape],
    dtype: str,
    *,
    whole: Sequence[tuple[int, int, str]] = (),
    masked: bool = True,
    change: Callable[[Array], Array] = lambda x: x,
) -> Case:
    """A case on inputs of these shapes: one in six of integers, one in three with masks."""
    seed, family = draw(SEEDS), draw(families())
    if whole and draw(st.integers(0, 5)) == 5:
        low, high, other = draw(st.sampled_from(whole))
        family = "small_integers"
        inputs = [integers(low, high, s, other, seed + k) for k, s in enumerate(shapes)]
    else:
        inputs = [change(floats(family, s, dtype, seed + k)) for k, s in enumerate(shapes)]
    carried = draw(some_masks(shapes)) if masked and draw(st.integers(0, 2)) == 2 else None
    return draw(layer_case(item, config, inputs, dtype, family=family, masks=carried))


@st.composite
def some_masks(draw: st.DrawFn, shapes: Sequence[Shape]) -> list[Array | None]:
    """Masks over the batch and the steps in it, for most inputs and for one of them at least."""
    rank = min(map(len, shapes))
    leading = draw(st.integers(min(2, rank - 1), rank - 1))
    without = draw(st.sampled_from([None, *range(len(shapes))])) if len(shapes) > 1 else None
    return [None if k == without else draw(masks(s[:leading])) for k, s in enumerate(shapes)]


@st.composite
def refused(
    draw: st.DrawFn, item: str, dtype: str, wrong: Sequence[tuple[Mapping[str, Any], list[Shape]]]
) -> Case:
    """A case that must raise: one of these configurations, with its shapes of inputs."""
    config, shapes = draw(st.sampled_from(wrong))
    inputs = [floats("normal", s, dtype, draw(SEEDS)) for s in shapes]
    return draw(layer_case(item, config, inputs, dtype))


MISMATCHED: tuple[tuple[Mapping[str, Any], list[Shape]], ...] = (
    ({}, [(2, 3), (2, 4)]),
    ({}, [(2, 3), (3, 3)]),
    ({}, [(2, 3, 4), (2, 4, 4)]),
    ({}, [(2, 3, 4), (2, 3)]),
)
"""Shapes that no merge can align."""


def ties(program: Any) -> dict[str, Array]:
    """Elements of the inputs that are this reading's result together with another input's."""
    inputs = tuple(program.arguments.values())
    if not inputs:
        return {}
    wide = aligned(inputs)
    result = program.exact[0][1]
    chosen = [x == result for x in wide]
    several = np.sum(chosen, axis=0) > 1
    found = {}
    for name, x, thin, here in zip(program.arguments, inputs, wide, chosen, strict=True):
        spread = tuple(axis for axis, n in enumerate(thin.shape) if n != several.shape[axis])
        found[name] = (here & several).any(axis=spread).reshape(x.shape)
    return found


def without_nan(better: Callable[[Array, Array], Array]) -> Callable[[Any], dict[str, Any]]:
    """The reading of a maximum or minimum that leaves NaN out where another input is a number."""

    def readings(program: Any) -> dict[str, Callable[..., Any]]:
        def reading(w: Any, *inputs: Array) -> Array:
            first, *others = aligned(inputs)
            for x in others:
                both = np.where(x != x, first, better(first, x))
                first = np.where(first != first, x, both)
            return first

        return {"the numbers among NaN": reading}

    return readings


def _swapped(case: Case) -> Case | None:
    """The inputs in reverse, if no mask singles out the first."""
    step = case.calls[0]
    if any(mask is not None for mask in step.masks):
        return None
    inputs = step.inputs[::-1]
    steps = (Step("build", inputs), Step("call", inputs, (None,) * len(inputs), step.call))
    return msgspec.structs.replace(case, steps=steps, cotangents=())


COMMUTATIVE = Law(
    "symmetry: inputs in reverse give the same", _swapped, lambda case, outputs: outputs
)
ANTISYMMETRIC = Law(
    "antisymmetry: inputs in reverse give the negative",
    _swapped,
    lambda case, outputs: tuple(y * -1.0 for y in outputs),
)
