"""Cropping1D, Cropping2D, Cropping3D: how to draw a case: all forms of amounts, both layouts."""

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


def cropping(rank):
    """The test of the layer of ``rank`` spatial axes."""
    item = f"layers.Cropping{rank}D"
    optional = {"cropping": ends(rank)} | ({"data_format": FORMATS} if rank > 1 else {})

    @st.composite
    def cases(draw, dtype):
        config = draw(arguments(optional))
        return draw(moved(item, config, draw(spatial_shape(item, config, rank)), dtype))

    @st.composite
    def invalid(draw, dtype):
        fitting = (2, *(5,) * rank, 3)
        match draw(st.integers(0, 3)):
            case 0:
                wrong, shapes = wrong_ends("cropping", rank), [fitting]
            case 1:
                wrong, shapes = [{"cropping": 1}], [fitting[1:], (*fitting, 2)]
            case 2:
                wrong, shapes = [{"cropping": 3}, {"cropping": 4}], [fitting]
            case 3:
                names = ("channels", "") if rank > 1 else ()
                wrong = [{"data_format": name} for name in names] or [{"cropping": (5, 1)}]
                shapes = [fitting]
        return draw(refused(item, wrong, shapes, dtype))

    laws = (BATCH_INDEPENDENT, HOMOGENEOUS, *([LAYOUTS] if rank > 1 else []))
    return every_property(item, cases, invalid=invalid, exact=True, laws=laws, without=NO_ROUNDING)


test_cropping_1d = cropping(1)
test_cropping_2d = cropping(2)
test_cropping_3d = cropping(3)
