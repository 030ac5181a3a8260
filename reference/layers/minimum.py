"""Minimum: the smallest of the inputs.

    y = min(x_1, x_2, …, x_n)

Source: https://keras.io/api/layers/merging_layers/minimum/ (Keras 3.15.1).
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from ..core import Array, Shape, Weights
from .merging import Masks, aligned, aligned_shapes, mask_readings, merge_counting


@dataclass(frozen=True)
class Minimum:
    """Take the elementwise minimum of the inputs.

    Where inputs tie the derivative is a set: any split of the gradient among those that tie.

    Shapes
        x_1, …, x_n, y  all the same

    Ambiguous: other shapes, and masks. Readings: see ``merging``.
    Ambiguous: nan in some input. Readings: nan (here); the smallest of the others.
    Ambiguous: the sign of a zero, where 0 and -0 meet. Readings: either.
    Ambiguous: the values at steps that some input's mask leaves out. Readings (``readings``):
        masks do not touch values (here); the minimum of the inputs that count, the first input if
        none does.

    Raises ValueError
        on build and on call: no input; batch sizes that differ; shapes that do not broadcast

    >>> Minimum()({}, np.array([[1, 20]]), np.array([[10, 2]]))
    array([[1, 2]])
    """

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        aligned_shapes(*inputs)
        return {}

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return reduce(np.minimum, aligned(inputs))

    def readings(self, w: Weights, *inputs: Array, masks: Masks) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        left_out, _ = merge_counting(np.minimum, inputs, masks)
        return {"masks ignored": self(w, *inputs), "masked inputs left out": left_out}

    def compute_mask(self, *inputs: Array, masks: Masks) -> Array | None:
        return next(iter(self.mask_readings(*inputs, masks=masks).values()))

    def mask_readings(self, *inputs: Array, masks: Masks) -> dict[str, Array | None]:
        """The masks that the documentation leaves open, by name."""
        return mask_readings(inputs, masks)
