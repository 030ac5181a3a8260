"""GlobalAveragePooling1D, 2D, 3D: how to draw a case: all positions, or those a mask keeps."""

from hypothesis import strategies as st

from layerproof.conformance.draw import masks
from layerproof.conformance.draw.pooling import GLOBAL_LAWS, globally, wrong_input
from layerproof.conformance.draw.reshaping import NO_ROUNDING
from layerproof.conformance.spec import every_property


def global_average_pooling(rank, call=None):
    """The test of the layer of ``rank`` spatial axes."""
    item = f"layers.GlobalAveragePooling{rank}D"
    return every_property(
        item,
        lambda dtype: globally(item, rank, dtype, call),
        invalid=lambda dtype: wrong_input(item, rank, dtype),
        exact=True,
        laws=GLOBAL_LAWS,
        without={"weights": NO_ROUNDING["weights"]},
    )


@st.composite
def masked(draw, shape):
    """A mask of the steps in the call, half of the time."""
    return {"mask": draw(masks(shape[:2]))} if draw(st.booleans()) else {}


test_global_average_pooling_1d = global_average_pooling(1, masked)
test_global_average_pooling_2d = global_average_pooling(2)
test_global_average_pooling_3d = global_average_pooling(3)
