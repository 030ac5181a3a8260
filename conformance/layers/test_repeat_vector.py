"""RepeatVector: how to draw a case."""

from hypothesis import strategies as st

from layerproof.conformance.draw import sizes
from layerproof.conformance.draw.reshaping import NO_ROUNDING, any_shape, moved, refused
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS

ITEM = "layers.RepeatVector"


@st.composite
def cases(draw, dtype):
    shape = draw(any_shape(2, 2))
    n = shape[-1] if draw(st.booleans()) else draw(sizes())
    return draw(moved(ITEM, {"n": n}, shape, dtype))


@st.composite
def invalid(draw, dtype):
    if draw(st.booleans()):
        return draw(refused(ITEM, [{"n": 0}, {"n": -1}], [(2, 3), (3, 3), (1, 1)], dtype))
    return draw(refused(ITEM, [{"n": 2}, {"n": 1}], [(2,), (2, 3, 4), (2, 1, 1, 2)], dtype))


test_repeat_vector = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    laws=(BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS),
    without=NO_ROUNDING,
)
