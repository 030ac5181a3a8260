"""Softmax: how to draw a case; masks, several axes, and what an implementation may do."""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.draw import SEEDS, arguments, floats, layer_case, masks
from layerproof.conformance.draw.distributions import (
    REVERSED,
    axes_of,
    softmax_formulas,
    with_infinities,
    with_masks,
)
from layerproof.conformance.draw.nonlinear import many_shapes, values
from layerproof.conformance.spec import every_property

ITEM = "layers.Softmax"


@st.composite
def axes(draw, shape):
    """One axis, or several of either sign in any order."""
    rank = len(shape)
    if rank == 1 or draw(st.integers(0, 2)) == 0:
        return draw(axes_of(shape))
    chosen = draw(st.permutations(range(rank)))[: draw(st.integers(1, 3))]
    return [axis - rank if draw(st.booleans()) else axis for axis in chosen]


@st.composite
def broadcastable(draw, shape):
    """A mask with the dimensions of ``shape`` or 1, leading ones perhaps left out."""
    mask = draw(masks(tuple(n if draw(st.integers(0, 3)) else 1 for n in shape)))
    return mask[0] if len(shape) > 1 and len(mask) == 1 and draw(st.booleans()) else mask


@st.composite
def cases(draw, dtype):
    """An upstream layer's mask has the shape of a batch of sequences, so these are the inputs."""
    kind = draw(st.sampled_from(["none", "argument", "carried"]))
    shape = draw(many_shapes(2, 2) if kind == "carried" else many_shapes(1, 4))
    shape = tuple(n or 2 for n in shape)
    config = draw(arguments({"axis": axes(shape)}))
    family, x = draw(values(shape, dtype))
    carried = draw(masks(shape)) if kind == "carried" else None
    call = {"mask": draw(broadcastable(shape))} if kind == "argument" else {}
    return draw(layer_case(ITEM, config, [x], dtype, family=family, masks=[carried], call=call))


@st.composite
def invalid(draw, dtype):
    """Masks that do not fit, or are larger than the inputs."""
    shape, mask = draw(st.sampled_from([((2, 3), (2, 4)), ((2, 1), (2, 3)), ((3, 2), (4, 3, 2))]))
    x = floats("normal", shape, dtype, draw(SEEDS))
    return draw(layer_case(ITEM, {}, [x], dtype, call={"mask": np.ones(mask, bool)}))


def readings(program):
    """Slices of masked elements only, what is not finite below a mask, and +inf."""
    return {**with_infinities(program, beside=0.0), **with_masks(program)}


test_softmax = every_property(
    ITEM,
    cases,
    invalid=invalid,
    alternates=softmax_formulas,
    readings=readings,
    laws=(REVERSED,),
    without={"weights": "the layer has none"},
)
