"""leaky_relu: how to draw a case, and what happens at -inf."""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.draw.nonlinear import function_of_points, subnormals_kept
from layerproof.conformance.kinks import at
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE, HOMOGENEOUS

ITEM = "activations.leaky_relu"


def cases(dtype):
    slopes = st.sampled_from([0.5, 0.25, 2.0, 0.3, 0.0])
    return function_of_points(ITEM, dtype, {"negative_slope": slopes})


def readings(program):
    """-inf with the slope 0: NaN, as the formula gives, or 0, as relu gives."""
    if program.case.config.get("negative_slope") != 0.0:
        return subnormals_kept(program)
    return {
        "0 at -inf": lambda w, x: np.where(x == -np.inf, 0.0, program.layer(w, x)),
        **subnormals_kept(program),
    }


test_leaky_relu = every_property(
    ITEM,
    cases,
    exact=True,
    kinks=at(0.0),
    laws=(ELEMENTWISE, HOMOGENEOUS),
    readings=readings,
)
