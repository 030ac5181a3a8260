"""Windows that slide over an image: how to draw them, what they leave, what follows from them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import FUNCTIONS, Case, Step
from ...reference import oracle
from ...reference.core import Array, Shape
from ...reference.layers.spatial import spatial_axes
from ..spec import Law
from .arrays import families, floats
from .attached import masks
from .cases import SEEDS, layer_case
from .elementwise import arguments
from .reshaping import refused

PADDINGS = (*("same", None, "same", None, "same", "SAME"), *("valid", None, "same", "VALID"))
"""Simplest the one that has more than one way to go wrong; None leaves the default."""

ORDERS = st.sampled_from(["channels_first", "channels_first", "channels_last"])
LENGTHS = {1: (5, 4, 6, 3, 1), 2: (4, 5, 3, 6, 1), 3: (3, 4, 2, 1)}
"""Spatial rank -> axis lengths: a small palette, for compiled backends pay for every new shape."""

SMALLEST, LARGEST = 768, 96
"""A large case has at least so many output elements, and at most so many channels."""

KINDS = (*("usual",) * 4, *("equal",) * 3, *("large",) * 4, "empty")


def amounts(rank: int, *choices: int) -> st.SearchStrategy[Any]:
    """One of ``choices`` for all spatial axes, or one for each."""
    entry = st.sampled_from(choices)
    return entry | st.tuples(*[entry] * rank)


@st.composite
def layouts(draw: st.DrawFn, paddings: tuple[str | None, ...]) -> dict[str, Any]:
    """``padding``, and ``data_format`` in half of the cases."""
    padding = draw(st.sampled_from(paddings))
    config = {} if padding is None else {"padding": padding}
    return config | draw(arguments({"data_format": ORDERS}))


@st.composite
def lengths(draw: st.DrawFn, item: str, config: Mapping[str, Any]) -> Shape:
    """Lengths of the spatial axes that give at least one window; one time in four all are equal.

    Where there is padding, half of the cases prefer lengths whose padding is uneven.
    """
    window = oracle(item, config, FUNCTIONS).window()
    rank = len(window.size)
    palette = LENGTHS[rank]
    uneven: list[Sequence[int]] = [palette] * rank
    if window.padding == "same" and draw(st.booleans()):
        padded = {n: [sum(ends) for ends in window.ends((n,) * rank)] for n in palette}
        uneven = [[n for n in palette if padded[n][a] % 2] or palette for a in range(rank)]
    if draw(st.integers(0, 3)) == 3:
        found = (draw(st.sampled_from(uneven[0])),) * rank
        enough = (max(window.span),) * rank
    else:
        found = tuple(draw(st.sampled_from(lengths)) for lengths in uneven)
        enough = window.span
    return tuple(map(max, found, enough)) if window.padding == "valid" else found


def outputs(item: str, config: Mapping[str, Any], spatial: Shape) -> Shape:
    """Lengths of the output's spatial axes, by running the oracle on zeros."""
    layer = oracle(item, {**config, "data_format": "channels_last"}, FUNCTIONS)
    channels = config.get("groups", 1)
    x = np.zeros((1, *spatial, channels))
    w = {role: np.zeros(shape) for role, shape in layer.weights(x.shape).items()}
    return layer(w, x).shape[1:-1]


@st.composite
def slid(
    draw: st.DrawFn,
    item: str,
    config: Mapping[str, Any],
    shape: Shape,
    dtype: str,
    call: Mapping[str, Any] | None = None,
) -> Case:
    """A case on ``shape``, given as channels_last; one input in three carries a mask.

    Small integers are the likeliest family, for they alone can need no rounding.
    """
    mask = draw(masks(shape[:2])) if draw(st.integers(0, 2)) == 2 else None
    if config.get("data_format") == "channels_first":
        shape = (shape[0], shape[-1], *shape[1:-1])
    family = draw(st.just("small_integers") | families() | families())
    x = floats(family, shape, dtype, draw(SEEDS))
    return draw(layer_case(item, config, [x], dtype, family=family, masks=[mask], call=call))


@st.composite
def unfitting(
    draw: st.DrawFn,
    item: str,
    rank: int,
    wrong: Sequence[Mapping[str, Any]],
    dtype: str,
    **required: Any,
) -> Case:
    """A case that must raise: a wrong configuration, or an input with an axis too few or too many.

    ``required`` are the arguments without which there is no layer.
    """
    fitting = (2, *(5,) * rank, 2)
    if draw(st.integers(0, 3)) == 3:
        return draw(refused(item, [required], [fitting[1:], (*fitting, 2)], dtype))
    return draw(refused(item, [required | dict(config) for config in wrong], [fitting], dtype))


def where(law: Law, holds: Callable[[Case], bool]) -> Law:
    """The law, for cases that fulfil a condition."""
    return replace(law, derive=lambda case: law.derive(case) if holds(case) else None)


def on_other_inputs(case: Case, change: Callable[[Array], Array]) -> Case:
    """The case with its input changed, masks left out and the layer built for the new shape."""
    inputs = tuple(change(x) for x in case.calls[0].inputs)
    steps = (Step("build", inputs), Step("call", inputs, (None,), case.calls[0].call))
    return msgspec.structs.replace(case, steps=steps, cotangents=())


def _first_axis(case: Case) -> tuple[int, Any]:
    """The first spatial axis, and the window."""
    layer = oracle(case.item, case.config, FUNCTIONS)
    window = layer.window()
    return spatial_axes(layer.data_format, len(window.size))[0], window


def _later(case: Case) -> Case | None:
    """The case without the positions that only the first windows along the first axis see."""
    axis, window = _first_axis(case)
    left = case.calls[0].inputs[0].shape[axis] - window.stride[0]
    if window.padding != "valid" or left < window.span[0]:
        return None
    return on_other_inputs(case, lambda x: np.take(x, range(-left, 0), axis))


def _later_outputs(case: Case, found: tuple[Array, ...]) -> tuple[Array, ...]:
    axis, _ = _first_axis(case)
    return tuple(np.take(y, range(1, y.shape[axis]), axis) for y in found)


SHIFTED = Law(
    "shift equivariance: the input from one stride on gives the outputs from the second on",
    _later,
    _later_outputs,
)
