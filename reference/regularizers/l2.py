"""L2: the sum of squares.

    penalty = l2 · Σ x²

Source: https://keras.io/api/layers/regularizers/ (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array
from .regularizer import Regularizer


@dataclass(frozen=True)
class L2(Regularizer):
    """Penalise the sum of x² (no factor ½); ``x`` has any shape, the penalty is a scalar.

    >>> float(L2(2.0)(np.ones((5, 5))))
    50.0
    """

    l2: float = 0.01

    def __call__(self, x: Array) -> Array:
        return self.l2 * np.square(x).sum()
