"""SeparableConv1D, SeparableConv2D: how to draw a case: every window and multiplier."""

from math import prod

from hypothesis import strategies as st

from layerproof.conformance.draw import arguments
from layerproof.conformance.draw.convolution import (
    DECLARED,
    LAWS,
    carried,
    extents,
    kernels,
    wrong_convolution,
)
from layerproof.conformance.draw.windows import lengths, outputs, slid
from layerproof.conformance.spec import every_property

MULTIPLIERS = {"depth_multiplier": st.sampled_from([2, 3, 1])}


def separable_conv(rank):
    """The test of the layer of ``rank`` spatial axes."""
    item = f"layers.SeparableConv{rank}D"

    @st.composite
    def cases(draw, dtype):
        config = {"filters": 1} | draw(kernels(rank))
        spatial = draw(lengths(item, config))
        out = outputs(item, config, spatial)
        batch, channels, filters = draw(extents(spatial, out))
        config |= {"filters": filters} | draw(arguments(MULTIPLIERS))
        elements = prod((batch, *out, filters))
        config |= draw(carried("depthwise", "pointwise", "bias", elements=elements))
        return draw(slid(item, config, (batch, *spatial, channels), dtype))

    wrong = [
        *({"filters": 0}, {"filters": -1}, {"depth_multiplier": 0}, {"padding": "causal"}),
        *({"kernel_size": 6}, {"dilation_rate": 5}),
    ]

    return every_property(
        item,
        cases,
        invalid=lambda dtype: wrong_convolution(item, rank, wrong, dtype, filters=2),
        laws=LAWS,
        **DECLARED,
    )


test_separable_conv_1d = separable_conv(1)
test_separable_conv_2d = separable_conv(2)
