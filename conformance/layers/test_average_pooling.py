"""AveragePooling1D, AveragePooling2D, AveragePooling3D: how to draw a case: every window."""

from layerproof.conformance.draw.pooling import LAWS, pooled, wrong_windows
from layerproof.conformance.draw.reshaping import NO_ROUNDING
from layerproof.conformance.spec import every_property


def average_pooling(rank):
    """The test of the layer of ``rank`` spatial axes."""
    item = f"layers.AveragePooling{rank}D"
    return every_property(
        item,
        lambda dtype: pooled(item, rank, dtype, required=True),
        invalid=lambda dtype: wrong_windows(item, rank, dtype),
        exact=True,
        laws=LAWS,
        without={"weights": NO_ROUNDING["weights"]},
    )


test_average_pooling_1d = average_pooling(1)
test_average_pooling_2d = average_pooling(2)
test_average_pooling_3d = average_pooling(3)
