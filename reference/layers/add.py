"""Add: the sum of the inputs.

    y = x_1 + x_2 + … + x_n

Source: https://keras.io/api/layers/merging_layers/add/ (Keras 3.15.1).
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from ..core import Array, Shape, Weights
from .merging import Masks, aligned, aligned_shapes, mask_readings


@dataclass(frozen=True)
class Add:
    """Add the inputs elementwise.

    Shapes
        x_1, …, x_n, y  all the same

    Ambiguous: other shapes, and masks. Readings: see ``merging``.

    Raises ValueError
        on build and on call: no input; batch sizes that differ; shapes that do not broadcast

    >>> Add()({}, np.array([[1, 2]]), np.array([[10, 20]]), np.array([[100, 200]]))
    array([[111, 222]])
    """

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        aligned_shapes(*inputs)
        return {}

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return reduce(np.add, aligned(inputs))

    def compute_mask(self, *inputs: Array, masks: Masks) -> Array | None:
        return next(iter(self.mask_readings(*inputs, masks=masks).values()))

    def mask_readings(self, *inputs: Array, masks: Masks) -> dict[str, Array | None]:
        """The masks that the documentation leaves open, by name."""
        return mask_readings(inputs, masks)
