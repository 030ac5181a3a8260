"""L1: the sum of absolute values.

    penalty = l1 · Σ |x|

Source: https://keras.io/api/layers/regularizers/ (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array
from .regularizer import Regularizer


@dataclass(frozen=True)
class L1(Regularizer):
    """Penalise the sum of |x|; ``x`` has any shape, the penalty is a scalar.

    The derivative l1 · sign(x) has a kink at 0, where any value in [-l1, l1] is a subgradient.

    >>> float(L1(0.5)(np.array([[1.0, -2.0], [3.0, 0.0]])))
    3.0
    """

    l1: float = 0.01

    def __call__(self, x: Array) -> Array:
        return self.l1 * np.abs(x).sum()
