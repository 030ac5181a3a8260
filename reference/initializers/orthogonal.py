"""Orthogonal: a random matrix with orthogonal rows or columns.

    Qᵀ Q = gain² I   if Q has at least as many rows as columns
    Q Qᵀ = gain² I   otherwise

where Q is the weight seen as a matrix of shape (product of all axes but the last, last axis).

Source: https://keras.io/api/layers/initializers/ (Keras 3.15.1); Saxe et al. 2014.
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from ..core import Array, Shape, check


@dataclass(frozen=True)
class Orthogonal:
    """Random orthogonal weights: what every draw satisfies. An equal ``seed`` gives equal values.

    Elements are not independent, so there is no distribution of one element.

    Raises ValueError
        on use: shape with fewer than two axes

    >>> initializer = Orthogonal(gain=2.0)
    >>> initializer.gram(np.array([[0.0, 2.0], [-2.0, 0.0]]))
    array([[4., 0.], [0., 4.]])
    >>> initializer.expected_gram((2, 2))
    array([[4., 0.], [0., 4.]])
    """

    gain: float = 1.0
    seed: int | None = None

    def gram(self, draw: Array) -> Array:
        """The products of all pairs of columns of Q, or of rows if there are fewer rows."""
        q = draw.reshape(self.matrix(draw.shape))
        return q.T @ q if q.shape[0] >= q.shape[1] else q @ q.T

    def expected_gram(self, shape: Shape) -> Array:
        """What ``gram`` must be for every draw of this shape, up to rounding."""
        return self.gain**2 * np.eye(min(self.matrix(shape)))

    def matrix(self, shape: Shape) -> tuple[int, int]:
        """The shape of Q."""
        check(len(shape) >= 2, f"shape={shape} has fewer than two axes")
        return prod(shape[:-1]), shape[-1]
