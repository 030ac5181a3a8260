"""sigmoid: the logistic function.

    f(x) = 1 / (1 + exp(-x))

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

import numpy as np

from ..core import Array


def sigmoid(x: Array) -> Array:
    """Map the real line to (0, 1), symmetric about f(0) = 1/2.

    Written as 1 / (1 + e) for x >= 0 and e / (1 + e) below, with e = exp(-|x|): neither end
    overflows, and f(-x) keeps its relative accuracy where it is tiny.

    Accuracy: three roundings, exp among them, reach 2.2 ulp.

    NaN gives NaN, -inf gives 0, +inf gives 1.

    >>> sigmoid(np.array([-np.inf, 0.0, np.log(3.0)]))
    array([0.  , 0.5 , 0.75])
    """
    e = np.exp(np.where(x >= 0, -x, x))
    return np.where(x >= 0, 1.0, e) / (1.0 + e)
