"""IdentityInitializer: the identity matrix, scaled.

    w[i, j] = gain if i = j else 0

Source: https://keras.io/api/layers/initializers/ (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, check


@dataclass(frozen=True)
class IdentityInitializer:
    """``gain`` on the main diagonal of a matrix, square or not, and 0 elsewhere.

    Raises ValueError
        on call: shape not of a matrix

    >>> IdentityInitializer(2.0)((2, 3))
    array([[2., 0., 0.], [0., 2., 0.]])
    """

    gain: float = 1.0

    def __call__(self, shape: Shape) -> Array:
        check(len(shape) == 2, f"shape={shape} is not the shape of a matrix")
        return self.gain * np.eye(shape[0], shape[1])
