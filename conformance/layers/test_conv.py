"""Conv1D, Conv2D, Conv3D: how to draw a case: every window, group and layout."""

from math import prod

from hypothesis import strategies as st

from layerproof.conformance.activated import formulas
from layerproof.conformance.draw import arguments
from layerproof.conformance.draw.convolution import LAWS, carried, extents, kernels, wrong_windows
from layerproof.conformance.draw.reshaping import refused
from layerproof.conformance.draw.windows import PADDINGS, lengths, outputs, slid
from layerproof.conformance.kinks import of_activation
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

    @st.composite
    def invalid(draw, dtype):
        fitting, required = (2, *(5,) * rank, 2), {"filters": 2, "kernel_size": 2}
        if draw(st.integers(0, 3)) == 3:
            return draw(refused(item, [required], [fitting[1:], (*fitting, 2)], dtype))
        wrong = [
            *({"filters": 0}, {"filters": -1}, {"groups": 0}, {"groups": 2, "filters": 3}),
            *({"groups": 3, "filters": 3}, {"kernel_size": 6}, {"dilation_rate": 5}),
            *([{"padding": "causal"}] if rank > 1 else []),
        ]
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


test_conv_1d = conv(1)
test_conv_2d = conv(2)
test_conv_3d = conv(3)
