"""DepthwiseConv1D, DepthwiseConv2D: how to draw a case: every window and multiplier."""

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
from layerproof.conformance.draw.windows import SMALLEST, lengths, outputs, slid
from layerproof.conformance.spec import every_property

MULTIPLIERS = {"depth_multiplier": st.sampled_from([2, 3, 1])}


def depthwise_conv(rank):
    """The test of the layer of ``rank`` spatial axes."""
    item = f"layers.DepthwiseConv{rank}D"

    @st.composite
    def cases(draw, dtype):
        config = draw(kernels(rank))
        spatial = draw(lengths(item, config))
        out = outputs(item, config, spatial)
        batch, channels, filters = draw(extents(spatial, out))
        config |= draw(arguments(MULTIPLIERS))
        if filters > 8 and batch:  # many outputs, of which there are but few per channel
            channels, config["depth_multiplier"] = 4, 4
            batch = max(batch, -(-SMALLEST // (16 * prod(out))))
        elif filters % config.get("depth_multiplier", 1) == 0:  # as many outputs as drawn
            channels = filters // config.get("depth_multiplier", 1)
        elements = prod((batch, *out, channels, config.get("depth_multiplier", 1)))
        config |= draw(carried("depthwise", "bias", elements=elements))
        return draw(slid(item, config, (batch, *spatial, channels), dtype))

    wrong = [
        *({"depth_multiplier": 0}, {"depth_multiplier": -1}, {"padding": "causal"}),
        *({"kernel_size": 6}, {"dilation_rate": 5}),
    ]

    return every_property(
        item,
        cases,
        invalid=lambda dtype: wrong_convolution(item, rank, wrong, dtype),
        laws=LAWS,
        **DECLARED,
    )


test_depthwise_conv_1d = depthwise_conv(1)
test_depthwise_conv_2d = depthwise_conv(2)
