"""Reshape: how to draw a case: every way to write a sample's shape, with and without -1."""

import math

from hypothesis import strategies as st

from layerproof.conformance.draw.reshaping import NO_ROUNDING, any_shape, moved, refused
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS

ITEM = "layers.Reshape"


@st.composite
def factors(draw, size):
    """A shape of ``size`` elements, of up to four axes, ones among them."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        n = draw(st.sampled_from([d for d in range(1, size + 1) if size % d == 0]))
        found.append(n)
        size //= n
    return (*found, size)


@st.composite
def cases(draw, dtype):
    shape = draw(any_shape(1, 4))
    size = math.prod(shape[1:])
    target = draw(factors(size))
    if size == 1 and draw(st.integers(0, 3)) == 3:
        target = ()
    elif draw(st.booleans()):
        place = draw(st.integers(0, len(target) - 1))
        target = (*target[:place], -1, *target[place + 1 :])
    return draw(moved(ITEM, {"target_shape": target}, shape, dtype))


def invalid(dtype):
    wrong = [(5,), (-1, 5), (-1, -1), (-1, 3, -1), (-2, 6), (3, -4), (2, 2, 2), (0, -1)]
    config = [{"target_shape": target} for target in wrong]
    return refused(ITEM, config, [(2, 12), (2, 3, 4), (12, 3, 4)], dtype)


test_reshape = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    laws=(BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS),
    without=NO_ROUNDING,
)
