"""MinMaxNorm: the length of every weight vector between two bounds, reached at a given rate.

    d = (1 - rate) · ‖w‖ + rate · clip(‖w‖, min_value, max_value)
    w ← w · d / (ε + ‖w‖)                          ε = 1e-7, ‖w‖ along ``axis``

Source: https://keras.io/api/layers/constraints/ (Keras 3.15.1)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core import Array
from .constraint import EPSILON, Constraint, norm


@dataclass(frozen=True)
class MinMaxNorm(Constraint):
    """Rescale every vector along ``axis`` (one axis or several) to the norm d.

    With ``rate=1`` the bounds hold after one step, with less they are approached. A zero vector has
    no direction and stays zero, whatever ``min_value``.

    Ambiguous: the documentation does not say how a norm of 0 is avoided. Readings: ε added to the
    norm (here); no ε.

    The norm 5 comes half of the way down to 1:

    >>> MinMaxNorm(max_value=1.0, rate=0.5)(np.array([3.0, 4.0])).round(6)
    array([1.8, 2.4])
    """

    min_value: float = 0.0
    max_value: float = 1.0
    rate: float = 1.0
    axis: int | Sequence[int] = 0

    def __call__(self, w: Array) -> Array:
        length = norm(w, self.axis)
        return w * (self._desired(length) / (EPSILON + length))

    def readings(self, w: Array) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        length = norm(w, self.axis)
        divisor = np.where(length > 0.0, length, 1.0)
        exact = w * (self._desired(length) / divisor)
        return {"epsilon added": self(w), "no epsilon": exact}

    def _desired(self, length: Array) -> Array:
        clipped = np.minimum(np.maximum(length, self.min_value), self.max_value)
        return (1.0 - self.rate) * length + self.rate * clipped
