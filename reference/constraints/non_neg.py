"""NonNeg: no negative weight.

    w ← max(w, 0)

Source: https://keras.io/api/layers/constraints/ (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array
from .constraint import Constraint


@dataclass(frozen=True)
class NonNeg(Constraint):
    """Set negative weights to 0 and leave the others, nan included, as they are.

    Ambiguous: -∞, for which the documentation's example of such a constraint, w · (w ≥ 0), gives
    nan. Readings: 0 (here); nan.

    >>> NonNeg()(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    """

    def __call__(self, w: Array) -> Array:
        return np.maximum(w, 0.0)

    def readings(self, w: Array) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        return {"-inf gives 0": self(w), "-inf gives nan": np.where(w == -np.inf, np.nan, self(w))}
