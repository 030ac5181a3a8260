"""Permute: how to draw a case: every order of up to four axes."""

from hypothesis import strategies as st

from layerproof.conformance.draw.reshaping import NO_ROUNDING, any_shape, moved, refused
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS

ITEM = "layers.Permute"


@st.composite
def cases(draw, dtype):
    shape = draw(any_shape(2, 5))
    dims = tuple(draw(st.permutations(range(1, len(shape)))))
    return draw(moved(ITEM, {"dims": dims}, shape, dtype))


@st.composite
def invalid(draw, dtype):
    if draw(st.booleans()):
        wrong = [(1, 1), (0, 1), (1, 3), (-1, 1), (2, 3), (0, 1, 2)]
        return draw(refused(ITEM, [{"dims": dims} for dims in wrong], [(2, 3, 4)], dtype))
    return draw(refused(ITEM, [{"dims": (2, 1)}], [(2, 3), (2, 3, 4, 2), (2, 1, 1, 2)], dtype))


test_permute = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    laws=(BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS),
    without=NO_ROUNDING,
)
