"""mish.

    f(x) = x · tanh(softplus(x))
    softplus(x) = log(exp(x) + 1)

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1);
Misra 2019, https://arxiv.org/abs/1908.08681.
"""

import numpy as np

from ..core import Array
from .softplus import softplus


def mish(x: Array) -> Array:
    """Weight x by a smooth gate: not monotonic, bounded below and unbounded above.

    Accuracy: the roundings of exp, log1p, tanh and the product reach 2.9 ulp. Below -708
    softplus(x) is subnormal: there the error is about |x| times half the smallest subnormal.

    NaN gives NaN, +inf gives +inf.

    Ambiguous: -inf. Readings: NaN, the formula's -inf · 0 (here); 0, the limit.

    softplus(log 2) is log 3, and tanh(log 3) is 4/5:

    >>> (mish(np.log(np.array([2.0]))) / np.log(2.0)).round(12)
    array([0.8])
    """
    return x * np.tanh(softplus(x))
