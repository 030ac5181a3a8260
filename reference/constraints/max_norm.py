"""MaxNorm: no weight vector longer than a given length.

    w ← w · min(‖w‖, max_value) / (ε + ‖w‖)        ε = 1e-7, ‖w‖ along ``axis``

Source: https://keras.io/api/layers/constraints/ (Keras 3.15.1)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core import Array
from .constraint import EPSILON, Constraint, norm


@dataclass(frozen=True)
class MaxNorm(Constraint):
    """Shorten every vector along ``axis`` whose norm is above ``max_value``.

    ``axis`` is one axis or several: 0 for the incoming weights of each unit of a (inputs, units)
    kernel, [0, 1, 2] for each filter of a (rows, columns, inputs, filters) kernel.

    Ambiguous: the documentation does not say how a norm of 0 is avoided. Readings: ε added to the
    norm (here; it shortens every vector by a factor of at most 1 - ε / ‖w‖); no ε, so that a vector
    within the limit stays exactly as it is.

    The norms of the columns are 5 and 1:

    >>> MaxNorm(2.0)(np.array([[3.0, 0.0], [4.0, 1.0]])).round(6)
    array([[1.2, 0. ], [1.6, 1. ]])
    """

    max_value: float = 2
    axis: int | Sequence[int] = 0

    def __call__(self, w: Array) -> Array:
        length = norm(w, self.axis)
        return w * (np.minimum(length, self.max_value) / (EPSILON + length))

    def readings(self, w: Array) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        length = norm(w, self.axis)
        long = length > self.max_value
        exact = np.where(long, w * (self.max_value / np.where(long, length, 1.0)), w)
        return {"epsilon added": self(w), "no epsilon": exact}
