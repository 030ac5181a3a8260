"""ELU: exponential linear unit.

    f(x) = alpha · (exp(x) - 1)   if x < 0
    f(x) = x                      if x >= 0

Source: https://keras.io/api/layers/activation_layers/elu/ (Keras 3.15.1);
Clevert et al. 2016, https://arxiv.org/abs/1511.07289.
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights


@dataclass(frozen=True)
class ELU:
    """Keep what is positive; let the rest saturate at ``-alpha``.

    Shapes
        x, y   equal, of any rank

    NaN gives NaN, -inf gives -alpha, +inf gives +inf.

    >>> ELU(alpha=2.0)({}, np.array([-np.inf, -np.log(2.0), 0.0, 3.0]))
    array([-2., -1.,  0.,  3.])
    """

    alpha: float = 1.0

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        return np.where(x < 0, self.alpha * np.expm1(np.minimum(x, 0.0)), x)
