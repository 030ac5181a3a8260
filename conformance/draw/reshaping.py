"""Cases of the layers that move values: reshaping, cropping, padding, repeating, and their laws."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import FUNCTIONS, Case, Step
from ...reference import oracle
from ...reference.core import Array, Shape
from ..spec import Law
from .arrays import SPECIAL, families, floats, integers
from .attached import masks
from .cases import SEEDS, layer_case
from .shapes import sizes

NO_ROUNDING = {"gain": "it moves values without rounding any", "weights": "it has none"}
"""What the items of this kind are without."""

KINDS = (*("usual", "special") * 3, *("usual",) * 4, *("whole",) * 2)
WHOLE = ((-99, 99, "int32"), (0, 255, "uint8"), (0, 1, "bool"))
"""Lowest, highest, dtype."""

FORMATS = st.sampled_from(["channels_first", "channels_last"])


@st.composite
def any_shape(draw: st.DrawFn, low: int, high: int, least: int = 1) -> Shape:
    """A shape of ``low`` to ``high`` axes: one in four all equal, one in twelve with no sample."""
    rank = draw(st.integers(low, high))
    kind = draw(st.integers(0, 11))
    if kind > 8:
        return (draw(sizes(least)),) * rank
    batch = 0 if kind == 8 else draw(sizes())
    return (batch, *(draw(sizes(least)) for _ in range(rank - 1)))


@st.composite
def any_values(draw: st.DrawFn, shape: Shape, dtype: str) -> tuple[str, Array]:
    """(family, array of it): one in four is special, one in six of a dtype without fractions."""
    kind = draw(st.sampled_from(KINDS))
    if kind == "whole":
        low, high, other = draw(st.sampled_from(WHOLE))
        return "small_integers", integers(low, high, shape, other, draw(SEEDS))
    family = draw(st.sampled_from(SPECIAL) if kind == "special" else families(special=False))
    return family, floats(family, shape, dtype, draw(SEEDS))


@st.composite
def moved(draw: st.DrawFn, item: str, config: Mapping[str, Any], shape: Shape, dtype: str) -> Case:
    """A case of such a layer; one input in three carries a mask."""
    family, x = draw(any_values(shape, dtype))
    mask = None
    if len(shape) > 1 and draw(st.integers(0, 2)) == 2:
        mask = draw(masks(shape[: draw(st.integers(1, len(shape) - 1))]))
    return draw(layer_case(item, config, [x], dtype, family=family, masks=[mask]))


@st.composite
def refused(draw: st.DrawFn, item: str, config: Any, shapes: Any, dtype: str) -> Case:
    """A case that must raise: any of the configurations on any of the shapes."""
    x = floats("normal", draw(st.sampled_from(shapes)), dtype, draw(SEEDS))
    return draw(layer_case(item, draw(st.sampled_from(config)), [x], dtype))


def ends(rank: int, largest: int = 2) -> st.SearchStrategy[Any]:
    """Amounts at both ends of ``rank`` axes, in every documented form."""
    amount = st.sampled_from([n for n in (1, 0, 2, 3) if n <= largest])
    pair = st.tuples(amount, amount)
    if rank == 1:
        return amount | pair
    return amount | st.tuples(*[amount] * rank) | st.tuples(*[pair] * rank)


@st.composite
def spatial_shape(draw: st.DrawFn, item: str, config: Mapping[str, Any], rank: int) -> Shape:
    """A shape for a layer with ``amounts``, of which something is left if it takes them away."""
    shape = draw(any_shape(rank + 2, rank + 2))
    taken = oracle(item, config, FUNCTIONS).amounts() if "Cropping" in item else {}
    if shape[0] and len(set(shape)) == 1 and draw(st.booleans()):
        return (shape[0] + max(map(sum, taken.values()), default=0),) * len(shape)
    return tuple(n + sum(taken.get(axis, ())) for axis, n in enumerate(shape))


def wrong_ends(name: str, rank: int) -> list[dict[str, Any]]:
    """Configurations that give another number of amounts, or a negative one."""
    if rank == 1:
        wrong: list[Any] = [(1,), (1, 1, 1), -1, (-1, 1)]
    else:
        negative_pairs = ((1, 1),) * (rank - 1) + ((1, -1),)
        wrong = [(1,) * (rank + 1), ((1, 1),) * (rank - 1), -1, (-1,) * rank, negative_pairs]
        wrong.append(((1, 1, 1),) * rank)
    return [{name: value} for value in wrong]


def _other_layout(case: Case) -> Case | None:
    """The same data with the channels at the other end."""
    step = case.calls[0]
    if len(case.calls) > 1 or step.inputs[0].ndim < 3:
        return None
    first = case.config.get("data_format") == "channels_first"
    source, to = (1, -1) if first else (-1, 1)
    inputs = tuple(np.moveaxis(x, source, to) for x in step.inputs)
    config = {**case.config, "data_format": "channels_last" if first else "channels_first"}
    steps = (Step("build", inputs), Step("call", inputs, (None,) * len(inputs), step.call))
    return msgspec.structs.replace(case, config=config, steps=steps, cotangents=())


def _to_other_layout(case: Case, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
    first = case.config.get("data_format") == "channels_first"
    source, to = (1, -1) if first else (-1, 1)
    return tuple(np.moveaxis(y, source, to) for y in outputs)


LAYOUTS = Law(
    "layouts: channels_first is channels_last with the channels moved",
    _other_layout,
    _to_other_layout,
)
SAME_IN_BOTH_LAYOUTS = Law(
    "layouts: both orderings of the same data give the same", _other_layout, lambda case, y: y
)
