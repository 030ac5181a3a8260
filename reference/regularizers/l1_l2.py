"""L1L2: absolute values and squares together.

    penalty = l1 · Σ |x| + l2 · Σ x²

Source: https://keras.io/api/layers/regularizers/ (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array
from .regularizer import Regularizer


@dataclass(frozen=True)
class L1L2(Regularizer):
    """The sum of the L1 and the L2 penalty; ``x`` has any shape, the penalty is a scalar.

    The derivative has a kink at 0 unless ``l1`` is 0. A factor of 0 switches its penalty off, also
    for infinite ``x``. The *string* "l1_l2" means ``L1L2(0.01, 0.01)``, see ``identifiers``.

    >>> float(L1L2(l1=0.5, l2=0.25)(np.array([2.0, -4.0])))
    8.0
    """

    l1: float = 0.0
    l2: float = 0.0

    def __call__(self, x: Array) -> Array:
        absolute = self.l1 * np.abs(x).sum() if self.l1 else 0.0
        squared = self.l2 * np.square(x).sum() if self.l2 else 0.0
        return np.add(absolute, squared)
