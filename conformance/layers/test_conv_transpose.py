"""Conv1DTranspose, Conv2DTranspose, Conv3DTranspose: how to draw a case: every output length."""

from math import prod

from hypothesis import strategies as st

from layerproof.adapters.protocol import FUNCTIONS
from layerproof.conformance.draw.convolution import (
    DECLARED,
    LINEAR_LAWS,
    MIRRORED,
    WITH_STRIDES,
    carried,
    extents,
    kernels,
    wrong_convolution,
)
from layerproof.conformance.draw.windows import amounts, lengths, outputs, slid
from layerproof.conformance.spec import every_property
from layerproof.reference import oracle

DILATIONS = {1: st.just((1,)), 2: st.sampled_from([2, (2, 2)]), 3: amounts(3, 2, 1)}
"""Those that are documented as supported."""


def conv_transpose(item, rank):
    """The test of ``item``, of ``rank`` spatial axes."""

    @st.composite
    def cases(draw, dtype):
        config = {"filters": 1} | draw(kernels(rank, dilation=DILATIONS[rank], steps=WITH_STRIDES))
        if draw(st.integers(0, 7)) >= (1 if "strides" in config else 6):
            config["output_padding"] = draw(output_padding(item, config, rank))
        # No output may be empty: with "same", a kernel of even size and no extra, 1 gives 0.
        spatial = tuple(max(n, 2) for n in draw(lengths(item, config)))
        out = outputs(item, config, spatial)
        batch, channels, filters = draw(extents(spatial, out))
        elements = prod((batch, *out, filters))
        config |= {"filters": filters} | draw(carried("kernel", "bias", elements=elements))
        return draw(slid(item, config, (batch, *spatial, channels), dtype))

    wrong = [
        *({"filters": 0}, {"filters": -1}, {"padding": "causal"}, {"output_padding": 1}),
        *({"output_padding": 2, "strides": 2}, {"output_padding": -1}),
    ]

    return every_property(
        item,
        cases,
        invalid=lambda dtype: wrong_convolution(item, rank, wrong, dtype, filters=2),
        laws=(*LINEAR_LAWS, MIRRORED),
        **DECLARED,
    )


@st.composite
def output_padding(draw, item, config, rank):
    """Below the stride on every axis; one number where that suits all."""
    strides = oracle(item, config, FUNCTIONS).window().stride
    amount = [draw(st.sampled_from([stride - 1, *range(stride - 1, -1, -1)])) for stride in strides]
    return min(amount) if draw(st.booleans()) else tuple(amount)


test_conv_1d_transpose = conv_transpose("layers.Conv1DTranspose", 1)
test_conv_2d_transpose = conv_transpose("layers.Conv2DTranspose", 2)
test_conv_3d_transpose = conv_transpose("layers.Conv3DTranspose", 3)
