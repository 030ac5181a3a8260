"""UnitNorm: every weight vector of length 1.

    w ← w / (ε + ‖w‖)                              ε = 1e-7, ‖w‖ along ``axis``

Source: https://keras.io/api/layers/constraints/ (Keras 3.15.1)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core import Array
from .constraint import EPSILON, Constraint, norm


@dataclass(frozen=True)
class UnitNorm(Constraint):
    """Rescale every vector along ``axis`` (one axis or several) to norm 1; a zero vector stays 0.

    Ambiguous: the documentation does not say how a norm of 0 is avoided. Readings: ε added to the
    norm (here; a norm of 1e-7 becomes ½); no ε.

    >>> UnitNorm()(np.array([[3.0, 0.0], [4.0, 0.0]])).round(6)
    array([[0.6, 0. ], [0.8, 0. ]])
    """

    axis: int | Sequence[int] = 0

    def __call__(self, w: Array) -> Array:
        return w / (EPSILON + norm(w, self.axis))

    def readings(self, w: Array) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        length = norm(w, self.axis)
        exact = w / np.where(length > 0.0, length, 1.0)
        return {"epsilon added": self(w), "no epsilon": exact}
