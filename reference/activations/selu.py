"""selu: scaled exponential linear unit.

    f(x) = scale · x                      if x > 0
    f(x) = scale · alpha · (exp(x) - 1)   if x < 0

scale and alpha are the numbers for which unit variance and zero mean are a fixed point.

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1);
Klambauer et al. 2017, https://arxiv.org/abs/1706.02515.
"""

import numpy as np

from ..core import Array

SCALE = 1.0507009873554804934
"""The documentation cuts it to 1.05070098."""
SCALE_ALPHA = 1.7580993408473768599
"""scale · alpha with alpha = 1.6732632423543772848, which the documentation cuts to 1.67326324."""


def selu(x: Array) -> Array:
    """Multiply ``elu(x, alpha)`` by ``scale``; f(0) = 0.

    NaN gives NaN, -inf gives -scale · alpha, +inf gives +inf.

    Ambiguous: the constants. Readings: as the paper defines them, to full precision (here);
    cut after eight decimals, as the documentation prints them, 7e-9 smaller in float64.

    >>> selu(np.array([-np.inf, 0.0, 1.0])).round(8)
    array([-1.75809934,  0.        ,  1.05070099])
    """
    return np.where(x > 0, SCALE * x, SCALE_ALPHA * np.expm1(np.where(x > 0, 0.0, x)))
