"""gelu: Gaussian error linear unit.

    f(x) = x · P(X <= x) = x/2 · (1 + erf(x / √2))                    X standard normal
    f(x) = x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))               if approximate

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1);
Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415 (which gives the approximation).
"""

from scipy.special import erfc

from ..core import Array
from .sigmoid import sigmoid

SQRT_HALF = 0.70710678118654752440
SQRT_8_OVER_PI = 1.5957691216057307118


def gelu(x: Array, approximate: bool = False) -> Array:
    """Weight x by the probability that a standard normal variable is below it.

    1 + erf(z) = erfc(-z) and 1 + tanh(z) = 2 sigmoid(2z); the right-hand sides keep their
    relative accuracy in the left tail, where the left-hand sides cancel.

    Accuracy: in the tail the rounding of the argument is amplified as a rounding of x would
    be: up to 4 + 2 x² ulp, and 3 + 3 |z| ulp if approximate, z being sigmoid's argument.
    Below x = -37.5, where P(X <= x) is subnormal, the error is below the smallest normal
    number; if approximate, about |x| times half the smallest subnormal comes on top.

    NaN gives NaN, +inf gives +inf.

    Ambiguous: -inf. Readings: NaN, the formula's -inf · 0 (here); 0, the limit.

    >>> gelu(np.array([0.0, 1.0, 10.0])).round(4)
    array([ 0.    ,  0.8413, 10.    ])
    >>> gelu(np.array([0.0, 1.0, 10.0]), approximate=True).round(4)
    array([ 0.    ,  0.8412, 10.    ])
    """
    if approximate:
        return x * sigmoid(SQRT_8_OVER_PI * (x + 0.044715 * (x * x * x)))
    return 0.5 * x * erfc(-SQRT_HALF * x)
