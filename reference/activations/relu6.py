"""relu6: a rectifier that is cut at 6.

    f(x) = min(max(x, 0), 6)

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

import numpy as np

from ..core import Array


def relu6(x: Array) -> Array:
    """Clip to [0, 6].

    NaN gives NaN.

    >>> relu6(np.array([-1.0, 2.5, 7.0]))
    array([0. , 2.5, 6. ])
    """
    return np.minimum(np.maximum(x, 0.0), 6.0)
