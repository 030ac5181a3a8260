"""hard_sigmoid: piecewise linear approximation of sigmoid.

    f(x) = 0           if x <= -3
    f(x) = x/6 + 0.5   if -3 < x < 3
    f(x) = 1           if x >= 3

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

import numpy as np

from ..core import Array


def hard_sigmoid(x: Array) -> Array:
    """Join 0 and 1 by a straight line from x = -3 to x = 3.

    Written as clip(x + 3, 0, 6) / 6: near -3 the sum is exact, where x/6 + 0.5 cancels.

    NaN gives NaN, -inf gives 0, +inf gives 1.

    >>> hard_sigmoid(np.array([-4.0, -1.5, 0.0, 4.0]))
    array([0.  , 0.25, 0.5 , 1.  ])
    """
    return np.minimum(np.maximum(x + 3.0, 0.0), 6.0) / 6.0
