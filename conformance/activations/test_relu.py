"""relu: how to draw a case, and what happens on its threshold."""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.draw.nonlinear import function_of_points, on, subnormals_kept
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.relu"

OPTIONAL = {
    "negative_slope": st.sampled_from([0.5, 0.2, 0.0, 1.0, -0.5]),
    "max_value": st.sampled_from([6.0, 1.0, 2.5, 0.0, 0.3]),
    "threshold": st.sampled_from([1.0, 0.5, -1.0, 0.3, 5.0]),
}


def points(config):
    """The threshold, the maximum, and where a rising damped line meets the maximum."""
    slope, threshold = config.get("negative_slope", 0.0), config.get("threshold", 0.0)
    maximum = config.get("max_value")
    if maximum is None:
        return [threshold]
    return [threshold, maximum, *([threshold + maximum / slope] if slope else [])]


def cases(dtype):
    return function_of_points(ITEM, dtype, OPTIONAL, points, largest=4096)


def readings(program):
    """On the threshold: 0, as in the documentation's example, or x, which is not below it."""
    config = program.case.config
    threshold, maximum = config.get("threshold", 0.0), config.get("max_value")

    def kept(w, x):
        capped = x if maximum is None else np.minimum(x, maximum)
        return np.where(x == threshold, capped, relu(w, x))

    relu = program.layer
    at_zero = subnormals_kept(program) if threshold == 0 else {}
    return {"x at the threshold": kept, **at_zero}


test_relu = every_property(
    ITEM,
    cases,
    exact=True,
    kinks=on(points),
    readings=readings,
    laws=(ELEMENTWISE,),
)
