"""UpSampling1D, UpSampling2D, UpSampling3D: how to draw a case: repeated, interpolated images."""

from hypothesis import strategies as st

from layerproof.conformance.draw import FINITE, SEEDS, arguments, floats, layer_case
from layerproof.conformance.draw.interpolation import alternates, readings
from layerproof.conformance.draw.reshaping import (
    FORMATS,
    LAYOUTS,
    NO_ROUNDING,
    any_shape,
    moved,
    refused,
)
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, HOMOGENEOUS

METHODS = ("bilinear", "bicubic", "lanczos3", "lanczos5")

SIZE = st.sampled_from([2, 1, 3])


def up_sampling(rank):
    """The test of the layer of ``rank`` spatial axes that repeats."""
    item = f"layers.UpSampling{rank}D"
    optional = {"size": SIZE}
    if rank > 1:
        optional = {"size": SIZE | st.tuples(*[SIZE] * rank), "data_format": FORMATS}
    fitting = (2, *(3,) * rank, 2)

    @st.composite
    def cases(draw, dtype):
        config = draw(arguments(optional))
        return draw(moved(item, config, draw(any_shape(rank + 2, rank + 2)), dtype))

    laws = (BATCH_INDEPENDENT, HOMOGENEOUS, *([LAYOUTS] if rank > 1 else []))
    return every_property(
        item,
        cases,
        invalid=lambda dtype: invalid(item, fitting, dtype),
        exact=True,
        laws=laws,
        without=NO_ROUNDING,
    )


@st.composite
def invalid(draw, item, fitting, dtype):
    """Sizes that are not positive or not one per axis, names that are unknown, other ranks."""
    rank = len(fitting) - 2
    wrong = [{"size": 0}, {"size": -1}]
    if rank > 1:
        wrong += [{"size": (2,) * (rank + 1)}, {"size": (2,) * (rank - 1)}]
        wrong += [{"size": (2,) * (rank - 1) + (0,)}, {"data_format": "channels"}]
    if rank == 2:
        wrong += [{"interpolation": name} for name in ("cubic", "lanczos", "area")]
    if draw(st.integers(0, 3)) == 3:
        return draw(refused(item, [{}, {"size": 1}], [fitting[1:], (*fitting, 2)], dtype))
    return draw(refused(item, wrong, [fitting], dtype))


IMAGES = {
    "size": st.sampled_from([2, 3, (2, 3), (1, 2), (3, 1), 4]),
    "data_format": FORMATS,
    "interpolation": st.sampled_from(METHODS),
}
"""The arguments of UpSampling2D."""

LARGE = ((2, 4, 4, 16), (2, 8, 8, 8))
INTERPOLATED = ((2, 3, 3, 3), (1, 1, 4, 2), (0, 2, 3, 1), (2, 4, 4, 8), *LARGE)
"""Few shapes: every one costs a compiled backend much."""

VALUES = (*FINITE, "normal", "normal", "signed_zeros", "subnormal", "huge")
"""Families of images: what interpolation makes of a NaN or an infinity nearby is not documented."""


@st.composite
def images(draw, dtype):
    """A case of UpSampling2D: half of them interpolate, one in three is large."""
    config = draw(arguments(IMAGES))
    if "interpolation" not in config:
        shape = draw(any_shape(4, 4) | st.sampled_from(LARGE))
        return draw(moved("layers.UpSampling2D", config, shape, dtype))
    family = draw(st.sampled_from(VALUES))
    x = floats(family, draw(st.sampled_from(INTERPOLATED)), dtype, draw(SEEDS))
    return draw(layer_case("layers.UpSampling2D", config, [x], dtype, family=family))


test_up_sampling_1d = up_sampling(1)
test_up_sampling_2d = every_property(
    "layers.UpSampling2D",
    images,
    invalid=lambda dtype: invalid("layers.UpSampling2D", (2, 3, 3, 2), dtype),
    exact=True,
    alternates=alternates,
    readings=readings,
    laws=(BATCH_INDEPENDENT, HOMOGENEOUS, LAYOUTS),
    without={"weights": NO_ROUNDING["weights"]},
)
test_up_sampling_3d = up_sampling(3)
