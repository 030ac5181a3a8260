"""Mutants of chapter 15, the merging layers: an input, axis, mask or argument that is off."""

from __future__ import annotations

from functools import reduce

import numpy as np

from ...reference.core import Array, Weights
from ...reference.layers import (
    add,
    average,
    concatenate,
    dot,
    maximum,
    minimum,
    multiply,
    subtract,
)
from ...reference.layers.merging import Masks
from . import Mutant


class ConcatenateLastAxis(concatenate.Concatenate):
    """``axis`` counts for the shapes only: equal shapes are joined along the last one."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        y = super().__call__(w, *inputs)
        return np.concatenate(inputs, axis=-1).reshape(y.shape)


class ConcatenateBackwards(concatenate.Concatenate):
    """The last input comes first."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return super().__call__(w, *inputs[::-1])


class ConcatenateNoMask(concatenate.Concatenate):
    """The output carries no mask."""

    def compute_mask(self, *inputs: Array, masks: Masks) -> None:
        return None


class AverageOfTwo(average.Average):
    """The sum is divided by 2, whatever the number of inputs."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return super().__call__(w, *inputs) * (len(inputs) / 2)


class AverageRunning(average.Average):
    """Every input is averaged with the average so far."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return reduce(lambda y, x: average.Average()(w, y, x), inputs)


class AverageWhole(average.Average):
    """The average of integers is an integer."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        y = super().__call__(w, *inputs)
        return np.floor(y) if inputs[0].dtype.kind in "iu" else y


class AddTwo(add.Add):
    """Inputs after the second are left out."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return super().__call__(w, *inputs[:2]) + 0 * super().__call__(w, *inputs)


class AddFirstMask(add.Add):
    """The output carries the mask of the first input."""

    def compute_mask(self, *inputs: Array, masks: Masks) -> Array | None:
        return masks[0]


class SubtractBackwards(subtract.Subtract):
    """The first input is subtracted from the second."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return super().__call__(w, *inputs[::-1])


class SubtractDistance(subtract.Subtract):
    """The distance of both inputs."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return np.abs(super().__call__(w, *inputs))


class MultiplyTwo(multiply.Multiply):
    """Inputs after the second are left out."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return super().__call__(w, *inputs[:2]) + 0 * super().__call__(w, *inputs)


class MultiplySquare(multiply.Multiply):
    """A single input is multiplied with itself."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return super().__call__(w, *(inputs * 2 if len(inputs) == 1 else inputs))


class MultiplyNoMask(multiply.Multiply):
    """The output carries no mask."""

    def compute_mask(self, *inputs: Array, masks: Masks) -> None:
        return None


class MaximumEnds(maximum.Maximum):
    """Only the first and the last input count."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return super().__call__(w, inputs[0], inputs[-1]) + 0 * super().__call__(w, *inputs)


class MaximumMagnitude(maximum.Maximum):
    """The first input if its magnitude is larger."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        y = super().__call__(w, *inputs)
        least = minimum.Minimum()(w, *inputs)
        return np.where(-1.0 * least > y, least, y)


class MinimumAtLeastZero(minimum.Minimum):
    """Negative inputs count as 0."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return np.maximum(super().__call__(w, *inputs), 0)


class MinimumFirstMask(minimum.Minimum):
    """The output carries the mask of the first input."""

    def compute_mask(self, *inputs: Array, masks: Masks) -> Array | None:
        return masks[0]


class MinimumTwo(minimum.Minimum):
    """Inputs after the second are left out."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return super().__call__(w, *inputs[:2]) + 0 * super().__call__(w, *inputs)


class DotNotNormalized(dot.Dot):
    """``normalize`` is ignored."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return dot.Dot(self.axes)(w, *inputs)


class DotOneNormalized(dot.Dot):
    """Only the first input is normalized."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        y = super().__call__(w, *inputs)
        if not self.normalize:
            return y
        _, j = self._axes(*(x.shape for x in inputs))
        length = np.sqrt((inputs[1] * inputs[1]).sum(j))
        length = length.reshape(length.shape[0], *(1,) * (inputs[0].ndim - 2), *length.shape[1:])
        return y * (length if y.ndim == length.ndim else length[:, None])


class DotRowsForColumns(dot.Dot):
    """What is left of both inputs is in reverse: the second's axes come first."""

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        axes = self.axes if isinstance(self.axes, int) else (self.axes[1], self.axes[0])
        swapped = dot.Dot(axes, self.normalize)(w, *inputs[::-1])
        return swapped.reshape(super().__call__(w, *inputs).shape)


CHANGED: dict[str, dict[str, type]] = {
    "Concatenate": {
        "last_axis": ConcatenateLastAxis,
        "backwards": ConcatenateBackwards,
        "no_mask": ConcatenateNoMask,
    },
    "Average": {"of_two": AverageOfTwo, "running": AverageRunning, "whole": AverageWhole},
    "Maximum": {"ends": MaximumEnds, "magnitude": MaximumMagnitude},
    "Minimum": {"two": MinimumTwo, "at_least_zero": MinimumAtLeastZero, "mask": MinimumFirstMask},
    "Add": {"two": AddTwo, "first_mask": AddFirstMask},
    "Subtract": {"backwards": SubtractBackwards, "distance": SubtractDistance},
    "Multiply": {"two": MultiplyTwo, "square": MultiplySquare, "no_mask": MultiplyNoMask},
    "Dot": {
        "not_normalized": DotNotNormalized,
        "one_normalized": DotOneNormalized,
        "rows_for_columns": DotRowsForColumns,
    },
}

MUTANTS = {
    f"layers.{item}.{name}": Mutant(f"layers.{item}", change, (change.__doc__ or "").rstrip("."))
    for item, changes in CHANGED.items()
    for name, change in changes.items()
}
