"""LayerNormalization: how to draw a case; one axis or several in any order."""

from hypothesis import strategies as st

from layerproof.conformance.draw import arguments, layer_case
from layerproof.conformance.draw.normalization import (
    AFFINE,
    REVERSED_EXAMPLES,
    axes,
    carried,
    folded,
    independent_examples,
    palette,
    values,
)
from layerproof.conformance.spec import every_property

ITEM = "layers.LayerNormalization"


@st.composite
def cases(draw, dtype):
    shape = draw(palette())
    config = draw(arguments(AFFINE | {"axis": axes(len(shape))}))
    if draw(st.integers(0, 7)) == 7:  # scales by the variance, or by the mean square
        config["rms_scaling"] = True
    family, x = draw(values(shape, dtype))
    return draw(layer_case(ITEM, config, [x], dtype, family=family, masks=[draw(carried(shape))]))


test_layer_normalization = every_property(
    ITEM,
    cases,
    alternates=folded,
    laws=(independent_examples(), REVERSED_EXAMPLES),
)
