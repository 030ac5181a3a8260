"""Flatten: how to draw a case: from a batch of numbers to one of volumes, in both orderings."""

from hypothesis import strategies as st

from layerproof.conformance.draw import arguments
from layerproof.conformance.draw.reshaping import (
    FORMATS,
    NO_ROUNDING,
    SAME_IN_BOTH_LAYOUTS,
    any_shape,
    moved,
    refused,
)
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, HOMOGENEOUS

ITEM = "layers.Flatten"


@st.composite
def cases(draw, dtype):
    config = draw(arguments({"data_format": FORMATS}))
    return draw(moved(ITEM, config, draw(any_shape(1, 5)), dtype))


def invalid(dtype):
    config = [{"data_format": name} for name in ("channels", "first", "")]
    return refused(ITEM, config, [(2, 3), (2, 3, 4), (2, 3, 1, 2)], dtype)


test_flatten = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    laws=(BATCH_INDEPENDENT, HOMOGENEOUS, SAME_IN_BOTH_LAYOUTS),
    without=NO_ROUNDING,
)
