"""Conv1D, Conv2D, Conv3D: how to draw a case: every window, group and layout."""

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
from layerproof.conformance.draw.windows import PADDINGS, lengths, outputs, slid
from layerproof.conformance.spec import every_property

CAUSAL = {1: ("same", "causal", None, "causal", "same", None, "causal", "SAME", "valid")}
GROUPS = {"groups": st.sampled_from([2, 3, 2, 1])}


def conv(rank):
    """The test of the layer of ``rank`` spatial axes."""
    item = f"layers.Conv{rank}D"

    @st.composite
    def cases(draw, dtype):
        config = {"filters": 1} | draw(kernels(rank, CAUSAL.get(rank, PADDINGS)))
        spatial = draw(lengths(item, config))
        out = outputs(item, config, spatial)
        batch, channels, filters = draw(extents(spatial, out))
        config |= draw(arguments(GROUPS))
        groups = config.get("groups", 1)
        channels, config["filters"] = (
            n if n % groups == 0 and n > groups else n * groups for n in (channels, filters)
        )
        elements = prod((batch, *out, config["filters"]))
        config |= draw(carried("kernel", "bias", elements=elements))
        return draw(slid(item, config, (batch, *spatial, channels), dtype))

    wrong = [
        *({"filters": 0}, {"filters": -1}, {"groups": 0}, {"groups": 2, "filters": 3}),
        *({"groups": 3, "filters": 3}, {"kernel_size": 6}, {"dilation_rate": 5}),
        *([{"padding": "causal"}] if rank > 1 else []),
    ]

    return every_property(
        item,
        cases,
        invalid=lambda dtype: wrong_convolution(item, rank, wrong, dtype, filters=2),
        laws=LAWS,
        **DECLARED,
    )


test_conv_1d = conv(1)
test_conv_2d = conv(2)
test_conv_3d = conv(3)
