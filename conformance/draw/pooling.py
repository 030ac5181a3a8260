"""Cases of the pooling layers: windows, or all positions; ties, and a nan in a window."""

from math import prod
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import Case
from ...reference.core import Array, Shape
from ...reference.layers.windows import from_channels_last, to_channels_last
from ..symmetries import BATCH_INDEPENDENT, HOMOGENEOUS
from .elementwise import arguments
from .reshaping import FORMATS, LAYOUTS, SAME_IN_BOTH_LAYOUTS, refused
from .shapes import sizes
from .windows import (
    KINDS,
    PADDINGS,
    SHIFTED,
    SMALLEST,
    amounts,
    layouts,
    lengths,
    outputs,
    slid,
    unfitting,
    where,
)

LAWS = (BATCH_INDEPENDENT, HOMOGENEOUS, LAYOUTS, SHIFTED)
GLOBAL_LAWS = (
    *(BATCH_INDEPENDENT, HOMOGENEOUS),
    where(
        SAME_IN_BOTH_LAYOUTS,
        lambda case: not case.config.get("keepdims") and case.calls[0].masks[0] is None,
    ),
)


@st.composite
def pools(draw: st.DrawFn, rank: int, *, required: bool) -> dict[str, Any]:
    """A window: pool_size, strides, padding, data_format."""
    amount = st.sampled_from([2, 3, 1]) if rank == 1 else amounts(rank, 2, 3, 1)
    config = {"pool_size": draw(amount)} if required or draw(st.booleans()) else {}
    return config | draw(arguments({"strides": amount})) | draw(layouts(PADDINGS))


@st.composite
def pooled(draw: st.DrawFn, item: str, rank: int, dtype: str, *, required: bool = False) -> Case:
    """A case of a layer with windows; ``required``: its pool_size has no default."""
    config = draw(pools(rank, required=required))
    spatial = draw(lengths(item, config))
    out = outputs(item, config, spatial)
    return draw(slid(item, config, draw(_full(spatial, out)), dtype))


@st.composite
def _full(draw: st.DrawFn, spatial: Shape, out: Shape) -> Shape:
    """The shape with batch and channels: free, equal to the last axes, none, or many."""
    match draw(st.sampled_from(KINDS)):
        case "equal":
            return (spatial[-1], *spatial, out[-1])
        case "empty":
            return (0, *spatial, draw(sizes()))
        case "large":
            return (2, *spatial, -(-SMALLEST // (2 * prod(out))))
    return (draw(sizes()), *spatial, draw(sizes()))


@st.composite
def globally(draw: st.DrawFn, item: str, rank: int, dtype: str, call: Any = None) -> Case:
    """A case of a layer that pools all positions."""
    config = draw(arguments({"keepdims": st.booleans(), "data_format": FORMATS}))
    one = draw(st.integers(0, 4)) == 4  # a single position, which nothing is added to
    spatial = (1,) * rank if one else tuple(draw(sizes()) for _ in range(rank))
    shape = draw(_full(spatial, (1,)))
    return draw(slid(item, config, shape, dtype, call=call and draw(call(shape))))


def wrong_windows(item: str, rank: int, dtype: str) -> st.SearchStrategy[Case]:
    """Windows and inputs that must be refused."""
    wrong: list[dict[str, Any]] = [
        *({"pool_size": 0}, {"pool_size": -1}, {"strides": 0}, {"strides": -1}),
        *({"padding": "causal"}, {"padding": "full"}, {"data_format": "channels"}),
        *({"pool_size": (2,) * (rank + 1)}, {"strides": (2,) * (rank + 1)}),
    ]
    return unfitting(item, rank, wrong, dtype, pool_size=2)


@st.composite
def wrong_input(draw: st.DrawFn, item: str, rank: int, dtype: str) -> Case:
    """Inputs of another rank, and an unknown layout."""
    fitting = (2, *(3,) * rank, 2)
    if draw(st.booleans()):
        return draw(refused(item, [{}, {"keepdims": True}], [fitting[1:], (*fitting, 2)], dtype))
    wrong = [{"data_format": name} for name in ("channels", "", "channels_middle")]
    return draw(refused(item, wrong, [fitting], dtype))


def _given(program: Any) -> Array:
    (x,) = program.arguments.values()
    return x


def ties(program: Any) -> dict[str, Array]:
    """Outputs whose maximum occurs more than once in its window."""
    layer, x = program.layer, _given(program)
    x = to_channels_last(x, layer.data_format, layer.rank)
    largest = layer.pooled(x)[(..., *(None,) * layer.rank)]
    count = (layer.window().over(x, fill=-np.inf) == largest).sum(layer.taps())
    return {"outputs/0": from_channels_last(count > 1, layer.data_format)}


def global_ties(program: Any) -> dict[str, Array]:
    """The same where the window is everything."""
    layer, x = program.layer, _given(program)
    largest = x.max(layer.axes(), keepdims=True)
    return {"outputs/0": (x == largest).sum(layer.axes(), keepdims=layer.keepdims) > 1}


def nan_left_out(program: Any) -> dict[str, Any]:
    """The other reading of a nan in a window: the largest of the rest; -inf if nothing is left."""

    def left_out(w: Any, x: Array) -> Array:
        return program.layer(w, np.where(np.isnan(x), -np.inf, x))

    return {"nan left out": left_out}
