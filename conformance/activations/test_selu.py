"""selu: how to draw a case, and what an implementation may do."""

import numpy as np

from layerproof.conformance.draw.nonlinear import function_of_points
from layerproof.conformance.kinks import at
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE
from layerproof.reference.activations.selu import SCALE, SCALE_ALPHA

ITEM = "activations.selu"

POINTS = (-20.0, -1e-3, 0.0, 20.0)
"""The kink, and where exp(x) - 1 cancels or saturates."""


def cases(dtype):
    return function_of_points(ITEM, dtype, points=POINTS)


def formula(scale, scale_alpha):
    """The documented one, which cancels on the left of 0."""

    def selu(w, x):
        return np.where(x > 0, scale * x, scale_alpha * (np.exp(np.where(x > 0, 0.0, x)) - 1.0))

    return selu


def documented_formula(program):
    return [formula(SCALE, SCALE_ALPHA)]


def readings(program):
    """The constants cut as printed; the difference shows in float64 only."""
    if program.case.dtype != "float64":
        return {}
    return {"constants as printed": formula(1.05070098, 1.05070098 * 1.67326324)}


test_selu = every_property(
    ITEM,
    cases,
    kinks=at(0.0),
    laws=(ELEMENTWISE,),
    alternates=documented_formula,
    readings=readings,
)
