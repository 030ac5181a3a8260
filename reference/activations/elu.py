"""elu: exponential linear unit.

    f(x) = x                      if x > 0
    f(x) = alpha · (exp(x) - 1)   if x < 0

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1);
Clevert et al. 2016, https://arxiv.org/abs/1511.07289.
"""

import numpy as np

from ..core import Array


def elu(x: Array, alpha: float = 1.0) -> Array:
    """Keep what is positive; let the rest saturate at ``-alpha``; f(0) = 0.

    The paper asks for alpha > 0; the formula is applied to any alpha.

    NaN gives NaN, -inf gives -alpha, +inf gives +inf.

    The documentation prints "alpha * `exp(x) - 1`"; the parentheses above are the paper's, and
    those of the layer ``ELU``.

    >>> elu(np.array([-np.inf, -np.log(2.0), 0.0, 3.0]), alpha=2.0)
    array([-2., -1.,  0.,  3.])
    """
    return np.where(x > 0, x, alpha * np.expm1(np.where(x > 0, 0.0, x)))
