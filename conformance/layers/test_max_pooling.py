"""MaxPooling1D, MaxPooling2D, MaxPooling3D: how to draw a case: windows, ties, nan in a window."""

from layerproof.conformance.draw.pooling import LAWS, nan_left_out, pooled, ties, wrong_windows
from layerproof.conformance.draw.reshaping import NO_ROUNDING
from layerproof.conformance.spec import every_property


def max_pooling(rank):
    """The test of the layer of ``rank`` spatial axes."""
    item = f"layers.MaxPooling{rank}D"
    return every_property(
        item,
        lambda dtype: pooled(item, rank, dtype),
        invalid=lambda dtype: wrong_windows(item, rank, dtype),
        exact=True,
        kinks=ties,
        readings=nan_left_out,
        laws=LAWS,
        without=NO_ROUNDING,
    )


test_max_pooling_1d = max_pooling(1)
test_max_pooling_2d = max_pooling(2)
test_max_pooling_3d = max_pooling(3)
