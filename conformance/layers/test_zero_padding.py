"""ZeroPadding1D, ZeroPadding2D, ZeroPadding3D: how to draw a case: every form, both layouts."""

from hypothesis import strategies as st

from layerproof.conformance.draw import arguments
from layerproof.conformance.draw.reshaping import (
    FORMATS,
    LAYOUTS,
    NO_ROUNDING,
    ends,
    moved,
    refused,
    spatial_shape,
    wrong_ends,
)
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, HOMOGENEOUS


def zero_padding(rank):
    """The test of the layer of ``rank`` spatial axes."""
    item = f"layers.ZeroPadding{rank}D"
    optional = {"padding": ends(rank, largest=3 if rank < 3 else 2), "data_format": FORMATS}

    @st.composite
    def cases(draw, dtype):
        config = draw(arguments(optional))
        return draw(moved(item, config, draw(spatial_shape(item, config, rank)), dtype))

    @st.composite
    def invalid(draw, dtype):
        fitting = (2, *(3,) * rank, 2)
        match draw(st.integers(0, 2)):
            case 0:
                wrong, shapes = wrong_ends("padding", rank), [fitting]
            case 1:
                wrong, shapes = [{"padding": 1}, {"padding": 0}], [fitting[1:], (*fitting, 2)]
            case 2:
                wrong, shapes = [{"data_format": "channels"}, {"data_format": ""}], [fitting]
        return draw(refused(item, wrong, shapes, dtype))

    return every_property(
        item,
        cases,
        invalid=invalid,
        exact=True,
        laws=(BATCH_INDEPENDENT, HOMOGENEOUS, LAYOUTS),
        without=NO_ROUNDING,
    )


test_zero_padding_1d = zero_padding(1)
test_zero_padding_2d = zero_padding(2)
test_zero_padding_3d = zero_padding(3)
