"""LeakyReLU: how to draw a case, and what happens at -inf."""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.draw import SEEDS, floats, layer_case
from layerproof.conformance.draw.nonlinear import layer_of_points, subnormals_kept
from layerproof.conformance.kinks import at
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS

ITEM = "layers.LeakyReLU"

OPTIONAL = {"negative_slope": st.sampled_from([0.5, 2.0, 0.25, 3.0, 0.2, 0.0])}


def cases(dtype):
    return layer_of_points(ITEM, dtype, OPTIONAL, points=(0.0,))


@st.composite
def invalid(draw, dtype):
    x = floats("normal", (2, 3), dtype, draw(SEEDS))
    slope = draw(st.sampled_from([-0.5, -1e-3, None]))
    return draw(layer_case(ITEM, {"negative_slope": slope}, [x], dtype))


def readings(program):
    """-inf with the slope 0: NaN, as the formula gives, or 0."""
    if program.layer.negative_slope != 0.0:
        return subnormals_kept(program)
    return {
        "0 at -inf": lambda w, x: np.where(x == -np.inf, 0.0, program.layer(w, x)),
        **subnormals_kept(program),
    }


test_leaky_relu = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    kinks=at(0.0),
    readings=readings,
    laws=(ELEMENTWISE, BATCH_INDEPENDENT, HOMOGENEOUS),
    without={"weights": "the layer has none"},
)
