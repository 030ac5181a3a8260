"""SeparableConv1D, SeparableConv2D: how to draw a case: every window and multiplier."""

from math import prod

from hypothesis import strategies as st

from layerproof.conformance.activated import formulas
from layerproof.conformance.draw import arguments
from layerproof.conformance.draw.convolution import LAWS, carried, extents, kernels, wrong_windows
from layerproof.conformance.draw.reshaping import refused
from layerproof.conformance.draw.windows import lengths, outputs, slid
from layerproof.conformance.kinks import of_activation
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

    @st.composite
    def invalid(draw, dtype):
        fitting, required = (2, *(5,) * rank, 2), {"filters": 2, "kernel_size": 2}
        if draw(st.integers(0, 3)) == 3:
            return draw(refused(item, [required], [fitting[1:], (*fitting, 2)], dtype))
        wrong = [{"filters": 0}, {"filters": -1}, {"depth_multiplier": 0}, {"padding": "causal"}]
        wrong += [{"kernel_size": 6}, {"dilation_rate": 5}]
        wrong = [required | config for config in wrong] + wrong_windows(rank, **required)
        return draw(refused(item, wrong, [fitting], dtype))

    return every_property(
        item,
        cases,
        invalid=invalid,
        exact=True,
        kinks=of_activation,
        alternates=formulas,
        laws=LAWS,
    )


test_separable_conv_1d = separable_conv(1)
test_separable_conv_2d = separable_conv(2)
