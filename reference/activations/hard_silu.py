"""hard_silu: piecewise approximation of silu, also known as hard swish.

    f(x) = 0                 if x < -3
    f(x) = x · (x + 3) / 6   if -3 <= x <= 3
    f(x) = x                 if x > 3

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1);
Howard et al. 2019, https://arxiv.org/abs/1905.02244.
"""

import numpy as np

from ..core import Array
from .hard_sigmoid import hard_sigmoid


def hard_silu(x: Array) -> Array:
    """Multiply x by its hard sigmoid.

    The maximum changes no value, but lets the left piece be 0 at -inf too, where
    -inf · 0 is not. At and above 3 the factor is exactly 1.

    NaN gives NaN, -inf gives 0, +inf gives +inf.

    >>> hard_silu(np.array([-np.inf, -4.0, -1.5, 0.0, 3.0, 4.0])) + 0.0
    array([ 0.   ,  0.   , -0.375,  0.   ,  3.   ,  4.   ])
    """
    return np.maximum(x, -3.0) * hard_sigmoid(x)
