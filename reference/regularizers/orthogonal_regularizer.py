"""OrthogonalRegularizer: keep the rows (or columns) of a matrix orthogonal to each other.

    penalty = factor · mean over i ≠ j of |⟨u_i, u_j⟩|        u_i = x_i / ‖x_i‖

where x_i are the rows of x, or its columns.

Source: https://keras.io/api/layers/regularizers/ (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, check
from .regularizer import Regularizer

# ‖x_i‖ is at least this, so that a zero row gives 0: keras.config.epsilon().
SMALLEST_NORM = 1e-7


@dataclass(frozen=True)
class OrthogonalRegularizer(Regularizer):
    """Penalise the mean |cosine| between different rows (``mode="rows"``) or columns of ``x``.

    Shapes
        x   (rows, columns); the penalty is a scalar

    The derivative has a kink where two vectors are orthogonal (a cosine of 0) and where one is 0.

    Ambiguous: "the mean of the dot products". Readings: of their absolute values (here); of the
    signed values, which anti-parallel vectors would minimise instead of orthogonal ones.
    Ambiguous: the cosine with a zero vector. Here 0.
    Ambiguous: a single vector or none, the mean over no pairs. Readings: nan (here); 0.

    Raises ValueError
        on construction: mode other than "rows" or "columns"
        on call: x not a matrix

    The cosines of the three rows are 0, 0.6 and 0.8:

    >>> x = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]])
    >>> float(OrthogonalRegularizer(3.0)(x).round(12))
    1.4
    """

    factor: float = 0.01
    mode: str = "rows"

    def __post_init__(self) -> None:
        check(self.mode in ("rows", "columns"), f'mode={self.mode!r} is not "rows" or "columns"')

    def __call__(self, x: Array) -> Array:
        return self._mean(np.abs(self._cosines(x)))

    def readings(self, x: Array) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        if self._count(x) < 2:
            return {"no pairs: nan": self(x), "no pairs: 0": np.zeros(())}
        return {"absolute values": self(x), "signed values": self._mean(self._cosines(x))}

    def _count(self, x: Array) -> int:
        check(x.ndim == 2, f"x of shape {x.shape} is not a matrix")
        return x.shape[0 if self.mode == "rows" else 1]

    def _cosines(self, x: Array) -> Array:
        """⟨u_i, u_j⟩ for all pairs, 0 on the diagonal."""
        n = self._count(x)
        x = x if self.mode == "rows" else x.T
        squared = np.square(x).sum(1, keepdims=True)
        u = x / np.sqrt(np.maximum(squared, SMALLEST_NORM**2))
        return np.where(np.eye(n, dtype=bool), 0.0, u @ u.T)

    def _mean(self, cosines: Array) -> Array:
        """Of the n (n - 1) entries off the diagonal; nan, also its derivative, if there is none."""
        n = cosines.shape[0]
        return self.factor * cosines.sum() / (n * (n - 1) or np.nan)
