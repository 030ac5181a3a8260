"""Multiply: the product of the inputs.

    y = x_1 · x_2 · … · x_n

Source: https://keras.io/api/layers/merging_layers/multiply/ (Keras 3.15.1).
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from ..core import Array, Shape, Weights
from .merging import Masks, aligned, aligned_shapes, mask_readings, merge_counting


@dataclass(frozen=True)
class Multiply:
    """Multiply the inputs elementwise.

    Shapes
        x_1, …, x_n, y  all the same

    Ambiguous: other shapes, and masks. Readings: see ``merging``.
    Ambiguous: the values at steps that some input's mask leaves out. Readings (``readings``):
        masks do not touch values (here); the product of the inputs that count, 0 if none does.

    Raises ValueError
        on build and on call: no input; batch sizes that differ; shapes that do not broadcast

    >>> Multiply()({}, np.array([[1, 2]]), np.array([[10, 20]]))
    array([[10, 40]])
    """

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        aligned_shapes(*inputs)
        return {}

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return reduce(np.multiply, aligned(inputs))

    def readings(self, w: Weights, *inputs: Array, masks: Masks) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        product, any_counts = merge_counting(np.multiply, inputs, masks)
        left_out = np.where(any_counts, product, 0)
        return {"masks ignored": self(w, *inputs), "masked inputs left out": left_out}

    def compute_mask(self, *inputs: Array, masks: Masks) -> Array | None:
        return next(iter(self.mask_readings(*inputs, masks=masks).values()))

    def mask_readings(self, *inputs: Array, masks: Masks) -> dict[str, Array | None]:
        """The masks that the documentation leaves open, by name."""
        return mask_readings(inputs, masks)
