"""silu: sigmoid linear unit, also known as swish.

    f(x) = x · sigmoid(x)

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1);
Ramachandran et al. 2017, https://arxiv.org/abs/1710.05941.
"""

from ..core import Array
from .sigmoid import sigmoid


def silu(x: Array) -> Array:
    """Weight x by its sigmoid: smooth, not monotonic, bounded below and unbounded above.

    Accuracy: four roundings, those of sigmoid among them, reach 2.8 ulp. Below -708 sigmoid(x)
    is subnormal: there the error is about |x| times half the smallest subnormal.

    NaN gives NaN, +inf gives +inf.

    Ambiguous: -inf. Readings: NaN, the formula's -inf · 0 (here); 0, the limit.

    sigmoid(log 3) is 3/4:

    >>> (silu(np.log(np.array([3.0]))) / np.log(3.0)).round(12)
    array([0.75])
    """
    return x * sigmoid(x)
