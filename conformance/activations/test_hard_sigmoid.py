"""hard_sigmoid: how to draw a case, and what an implementation may do."""

import numpy as np

from layerproof.conformance.draw.nonlinear import function_of_points
from layerproof.conformance.kinks import at
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.hard_sigmoid"


def cases(dtype):
    return function_of_points(ITEM, dtype, points=(-3.0, 3.0))


def formulas(program):
    """The documented piece, which cancels near -3, also with the factor 1/6."""

    def clipped(y):
        return np.minimum(np.maximum(y, 0.0), 1.0)

    return [
        lambda w, x: clipped(x / 6.0 + 0.5),
        lambda w, x: clipped(x * (1.0 / 6.0) + 0.5),
    ]


test_hard_sigmoid = every_property(
    ITEM, cases, kinks=at(-3.0, 3.0), laws=(ELEMENTWISE,), alternates=formulas
)
