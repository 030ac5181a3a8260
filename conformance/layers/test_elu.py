"""ELU: how to draw a case, and what an implementation may do."""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.draw.nonlinear import layer_of_points
from layerproof.conformance.kinks import at
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, ELEMENTWISE

ITEM = "layers.ELU"

OPTIONAL = {"alpha": st.sampled_from([0.5, 2.0, 0.3, 0.0])}


def cases(dtype):
    return layer_of_points(ITEM, dtype, OPTIONAL, points=(0.0,))


def kinks(program):
    """With alpha = 1 both pieces have the slope 1 at 0."""
    return {} if program.layer.alpha == 1.0 else at(0.0)(program)


def documented_formula(program):
    """It cancels on the left of 0."""
    alpha = program.layer.alpha
    return [lambda w, x: np.where(x < 0, alpha * (np.exp(np.where(x < 0, x, 0.0)) - 1.0), x)]


test_elu = every_property(
    ITEM,
    cases,
    kinks=kinks,
    alternates=documented_formula,
    laws=(ELEMENTWISE, BATCH_INDEPENDENT),
    without={"weights": "the layer has none"},
)
