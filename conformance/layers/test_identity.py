"""Identity: how to draw a case, and its own laws."""

from hypothesis import strategies as st

from layerproof.conformance.draw import SEEDS, families, floats, integers, layer_case, masks, shapes
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE, HOMOGENEOUS

ITEM = "layers.Identity"


@st.composite
def cases(draw, dtype):
    shape, family = draw(shapes(1, 4, largest=64)), draw(families())
    x = floats(family, shape, dtype, draw(SEEDS))
    if draw(st.integers(0, 7)) == 7:
        x = integers(-9, 9, shape, "int32", draw(SEEDS))
    mask = draw(st.none() | masks(shape[:2]))
    return draw(layer_case(ITEM, {}, [x], dtype, family=family, masks=[mask]))


test_identity = every_property(
    ITEM,
    cases,
    exact=True,
    laws=(ELEMENTWISE, HOMOGENEOUS),
    without={"gain": "moves values without rounding", "weights": "it has none"},
)
