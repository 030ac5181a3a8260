"""ReLU: how to draw a case, and what happens on its threshold."""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.draw import SEEDS, floats, layer_case
from layerproof.conformance.draw.nonlinear import layer_of_points, on, subnormals_kept
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, ELEMENTWISE

ITEM = "layers.ReLU"

OPTIONAL = {
    "max_value": st.sampled_from([6.0, 1.0, 2.5, 0.0, 0.3]),
    "negative_slope": st.sampled_from([0.5, 0.2, 0.0, 1.0]),
    "threshold": st.sampled_from([1.0, 0.5, 0.3, 5.0, 0.0]),
}

REFUSED = (
    *({"max_value": -1.0}, {"negative_slope": -0.5}, {"threshold": -1.0}),
    *({"negative_slope": None}, {"threshold": None}),
)


def points(config):
    maximum = config.get("max_value")
    return [config.get("threshold", 0.0), *([] if maximum is None else [maximum])]


def cases(dtype):
    return layer_of_points(ITEM, dtype, OPTIONAL, points, largest=4096)


@st.composite
def invalid(draw, dtype):
    x = floats("normal", (2, 3), dtype, draw(SEEDS))
    return draw(layer_case(ITEM, draw(st.sampled_from(REFUSED)), [x], dtype))


def readings(program):
    """From max_value to a threshold above it both lines of the formula hold."""
    relu = program.layer
    maximum, slope, threshold = relu.max_value, relu.negative_slope, relu.threshold
    if maximum is None or maximum >= threshold:
        return {} if threshold else subnormals_kept(program)

    def damped(w, x):
        return np.where(x < threshold, slope * (x - threshold) if slope else 0.0, relu(w, x))

    return {"damped below the threshold": damped}


test_relu = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    kinks=on(points),
    readings=readings,
    laws=(ELEMENTWISE, BATCH_INDEPENDENT),
    without={"weights": "the layer has none"},
)
