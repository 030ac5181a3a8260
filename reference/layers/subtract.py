"""Subtract: the difference of two inputs.

    y = x_1 - x_2

Source: https://keras.io/api/layers/merging_layers/subtract/ (Keras 3.15.1).
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights, check
from .merging import Masks, aligned, aligned_shapes, mask_readings


@dataclass(frozen=True)
class Subtract:
    """Subtract the second input from the first, elementwise.

    Shapes
        x_1, x_2, y     all the same

    Ambiguous: other shapes, and masks. Readings: see ``merging``.

    Raises ValueError
        on build and on call: not exactly two inputs; batch sizes that differ; shapes that do not
            broadcast

    >>> Subtract()({}, np.array([[1, 2]]), np.array([[10, 20]]))
    array([[ -9, -18]])
    """

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        check(len(inputs) == 2, f"want exactly 2 inputs, got {len(inputs)}")
        aligned_shapes(*inputs)
        return {}

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        check(len(inputs) == 2, f"want exactly 2 inputs, got {len(inputs)}")
        return np.subtract(*aligned(inputs))

    def compute_mask(self, *inputs: Array, masks: Masks) -> Array | None:
        return next(iter(self.mask_readings(*inputs, masks=masks).values()))

    def mask_readings(self, *inputs: Array, masks: Masks) -> dict[str, Array | None]:
        """The masks that the documentation leaves open, by name."""
        return mask_readings(inputs, masks)
