"""softsign: how to draw a case, and its oddness."""

import numpy as np

from layerproof.conformance.draw.nonlinear import function_of_points
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE, ODD

ITEM = "activations.softsign"


def cases(dtype):
    return function_of_points(ITEM, dtype)


def readings(program):
    """At an infinity: NaN, as the formula gives, or its limit."""

    def limit(w, x):
        return np.where(np.isinf(x), np.sign(x), program.layer(w, x))

    return {"limit at infinity": limit}


test_softsign = every_property(ITEM, cases, laws=(ELEMENTWISE, ODD), readings=readings)
