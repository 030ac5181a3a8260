"""softsign: a sigmoid with polynomial tails.

    f(x) = x / (|x| + 1)

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

import numpy as np

from ..core import Array


def softsign(x: Array) -> Array:
    """Map the real line to (-1, 1), odd, with slope 1 at 0.

    NaN gives NaN.

    Ambiguous: ±inf. Readings: NaN, the formula's inf / inf (here); ±1, the limit.

    >>> softsign(np.array([-1.0, 0.0, 3.0]))
    array([-0.5 ,  0.  ,  0.75])
    """
    return x / (np.abs(x) + 1.0)
