"""UnitNormalization: how to draw a case; vectors of zeros, short ones and long ones."""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.draw import SPECIAL, arguments, layer_case
from layerproof.conformance.draw.normalization import (
    axes,
    carried,
    independent_examples,
    palette,
    values,
)
from layerproof.conformance.spec import Law, every_property
from layerproof.conformance.symmetries import ODD, with_inputs

ITEM = "layers.UnitNormalization"


@st.composite
def cases(draw, dtype):
    """Now and then the first slice along some axis is zero."""
    shape = draw(palette())
    config = draw(arguments({"axis": axes(len(shape))}))
    family, x = draw(values(shape, dtype))
    if draw(st.integers(0, 7)) == 7:
        axis = draw(st.integers(0, len(shape) - 1))
        x = np.where(np.indices(shape)[axis] == 0, x.dtype.type(0), x)
    return draw(layer_case(ITEM, config, [x], dtype, family=family, masks=[draw(carried(shape))]))


def kinks(program):
    """Vectors of zeros have no direction: no gradient passes, and it must be finite."""
    axis = program.case.config.get("axis", -1)
    axis = axis if isinstance(axis, int) else tuple(axis)
    x = program.arguments["calls/0/inputs/0"]
    return {"outputs/0": np.broadcast_to((x == 0).all(axis, keepdims=True), x.shape)}


def formulas(program):
    """As documented; the reference's own is scaled, which only extreme values need."""
    if program.case.family in SPECIAL:
        return []
    axis = program.layer.axis if isinstance(program.layer.axis, int) else tuple(program.layer.axis)

    def length(x):
        square = (x**2).sum(axis, keepdims=True)
        return np.sqrt(np.where(square == 0.0, 1.0, square))

    return [lambda w, x: x / length(x), lambda w, x: x * (1.0 / length(x))]


SCALE_FREE = Law(
    "length: twice the vector has the same direction",
    lambda case: with_inputs(case, lambda x: x * x.dtype.type(2) if x.dtype.kind == "f" else x),
    lambda case, outputs: outputs,
)

test_unit_normalization = every_property(
    ITEM,
    cases,
    alternates=formulas,
    kinks=kinks,
    laws=(independent_examples(), ODD, SCALE_FREE),
    without={"weights": "the layer has none"},
)
