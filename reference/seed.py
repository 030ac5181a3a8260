"""The seed text's formulas where they give other values than Keras 3.

The specification that this project started from (its "seed") describes some items as Keras 2 had
them, or by an approximation. The reference follows the Keras 3 documentation; the seed's formula
is kept here under the item's name with ``_seed``. ``docs/seed_vs_keras.md`` lists all differences.
"""

import numpy as np

from .activations import gelu
from .core import Array


def hard_sigmoid_seed(x: Array) -> Array:
    """max(0, min(1, 0.2 x + 0.5)): slope 1/5, where Keras 3 has relu6(x + 3) / 6 with slope 1/6.

    >>> hard_sigmoid_seed(np.array([-3.0, -2.5, 0.0, 1.25, 2.5]))
    array([0.  , 0.  , 0.5 , 0.75, 1.  ])
    """
    return np.maximum(0.0, np.minimum(1.0, (x + 2.5) / 5.0))


def hard_silu_seed(x: Array) -> Array:
    """x · HardSigmoid(x), with the seed's hard sigmoid.

    >>> hard_silu_seed(np.array([-1.25, 0.0, 1.25, 4.0]))
    array([-0.3125,  0.    ,  0.9375,  4.    ])
    """
    return np.maximum(x, -2.5) * hard_sigmoid_seed(x)


def gelu_seed(x: Array) -> Array:
    """0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))): Keras's gelu with approximate=True.

    >>> gelu_seed(np.array([0.0, 1.0, 10.0])).round(4)
    array([ 0.    ,  0.8412, 10.    ])
    """
    return gelu(x, approximate=True)


def leaky_relu_seed(x: Array, alpha: float = 0.1) -> Array:
    """x if x > 0 else alpha · x; the seed's example has alpha=0.1, its tip 0.01.

    Keras 3 calls the slope negative_slope; its default is 0.2 in the function, 0.3 in the layer.

    >>> leaky_relu_seed(np.array([-10.0, 0.0, 5.0]))
    array([-1.,  0.,  5.])
    """
    return np.where(x > 0, x, alpha * x)
