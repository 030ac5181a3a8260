"""GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D: how to draw a case: with ties."""

from layerproof.conformance.draw.pooling import GLOBAL_LAWS, global_ties, globally, wrong_input
from layerproof.conformance.draw.reshaping import NO_ROUNDING
from layerproof.conformance.spec import every_property


def global_max_pooling(rank):
    """The test of the layer of ``rank`` spatial axes."""
    item = f"layers.GlobalMaxPooling{rank}D"
    return every_property(
        item,
        lambda dtype: globally(item, rank, dtype),
        invalid=lambda dtype: wrong_input(item, rank, dtype),
        exact=True,
        kinks=global_ties,
        laws=GLOBAL_LAWS,
        without=NO_ROUNDING,
    )


test_global_max_pooling_1d = global_max_pooling(1)
test_global_max_pooling_2d = global_max_pooling(2)
test_global_max_pooling_3d = global_max_pooling(3)
