"""Concatenate: how to draw a case: along any axis, counted from either end."""

from hypothesis import strategies as st

from layerproof.conformance.draw import arguments, sizes
from layerproof.conformance.draw.merging import (
    ANY,
    NO_ROUNDING,
    case_of,
    one_shape,
    refused,
)
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import HOMOGENEOUS

ITEM = "layers.Concatenate"


@st.composite
def cases(draw, dtype):
    shape = draw(one_shape())
    rank = len(shape)
    config = draw(arguments({"axis": st.sampled_from([*range(1, rank), *range(-rank, 0), 0])}))
    axis = config.get("axis", -1) % rank
    count = draw(st.sampled_from([2, 3, 2, 4, 1]))
    lengths = (
        [draw(sizes()) for _ in range(count)] if draw(st.booleans()) else [shape[axis]] * count
    )
    shapes = [(*shape[:axis], n, *shape[axis + 1 :]) for n in lengths]
    return draw(case_of(ITEM, config, shapes, dtype, whole=ANY))


def invalid(dtype):
    wrong = [
        ({}, [(2, 3), (3, 3)]),
        ({"axis": 1}, [(2, 3, 4), (2, 3, 3)]),
        ({"axis": -1}, [(2, 3, 4), (2, 2, 4)]),
        ({"axis": 1}, [(2, 3), (2, 3, 4)]),
    ]
    return refused(ITEM, dtype, wrong)


test_concatenate = every_property(
    ITEM, cases, invalid=invalid, exact=True, laws=(HOMOGENEOUS,), without=NO_ROUNDING
)
