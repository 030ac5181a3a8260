"""Mutants of chapter 16, the activation layers: an argument, an axis or a mask that is off."""

# ruff: noqa: D101  (what each changes is said in MUTANTS, at the end)

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...reference import activations, layers
from ...reference.core import Array, Shape, Weights
from . import Mutant


@dataclass(frozen=True)
class ReLUThatIgnoresThreshold(layers.ReLU):
    def __call__(self, w: Weights, x: Array) -> Array:
        return super(ReLUThatIgnoresThreshold, replace(self, threshold=0.0)).__call__(w, x)


@dataclass(frozen=True)
class ReLUAsTheFunction(layers.ReLU):
    def __call__(self, w: Weights, x: Array) -> Array:
        return activations.relu(x, self.negative_slope, self.max_value, self.threshold)


@dataclass(frozen=True)
class ReLUThatCapsFirst(layers.ReLU):
    def __call__(self, w: Weights, x: Array) -> Array:
        capped = x if self.max_value is None else np.minimum(x, self.max_value)
        return np.where(x < self.threshold, self.negative_slope * x, capped)


@dataclass(frozen=True)
class SoftmaxWithoutMask(layers.Softmax):
    def __call__(self, w: Weights, x: Array, *, mask: Array | None = None) -> Array:
        return super().__call__(w, x)


@dataclass(frozen=True)
class SoftmaxMaskedAfterwards(layers.Softmax):
    def __call__(self, w: Weights, x: Array, *, mask: Array | None = None) -> Array:
        y = super().__call__(w, x)
        return y if mask is None else np.where(mask, y, 0.0)


@dataclass(frozen=True)
class SoftmaxOfTheFirstAxis(layers.Softmax):
    def __call__(self, w: Weights, x: Array, *, mask: Array | None = None) -> Array:
        first = self.axis if isinstance(self.axis, int) else self.axis[0]
        return super(SoftmaxOfTheFirstAxis, replace(self, axis=first)).__call__(w, x, mask=mask)


@dataclass(frozen=True)
class LeakyReLUOfTheFunction(layers.LeakyReLU):
    negative_slope: float = 0.2


@dataclass(frozen=True)
class LeakyReLUAtMostX(layers.LeakyReLU):
    def __call__(self, w: Weights, x: Array) -> Array:
        return np.maximum(x, self.negative_slope * x)


@dataclass(frozen=True)
class PReLUSharingTheNextAxis(layers.PReLU):
    def weights(self, x: Shape) -> dict[str, Shape]:
        documented = super().weights(x)
        if self.shared_axes is None or isinstance(self.shared_axes, int):
            return documented
        if min(self.shared_axes) < 0:
            return documented
        moved = tuple(axis % (len(x) - 1) + 1 for axis in self.shared_axes)
        return layers.PReLU(shared_axes=moved).weights(x)


@dataclass(frozen=True)
class PReLUOfMagnitude(layers.PReLU):
    def __call__(self, w: Weights, x: Array) -> Array:
        return np.where(x < 0, np.abs(w["alpha"]) * x, x)


@dataclass(frozen=True)
class PReLUWithoutPenalty(layers.PReLU):
    def __post_init__(self) -> None:
        object.__setattr__(self, "alpha_regularizer", None)


@dataclass(frozen=True)
class ELUThatIgnoresAlpha(layers.ELU):
    def __call__(self, w: Weights, x: Array) -> Array:
        return activations.elu(x)


@dataclass(frozen=True)
class ELUAsPrinted(layers.ELU):
    def __call__(self, w: Weights, x: Array) -> Array:
        return np.where(x < 0, self.alpha * np.exp(np.where(x < 0, x, 0.0)) - 1.0, x)


MUTANTS = {
    "layers.ReLU.ignores_threshold": Mutant(
        "layers.ReLU", ReLUThatIgnoresThreshold, "threshold is ignored"
    ),
    "layers.ReLU.as_the_function": Mutant(
        "layers.ReLU", ReLUAsTheFunction, "x = threshold is damped"
    ),
    "layers.ReLU.caps_first": Mutant(
        "layers.ReLU", ReLUThatCapsFirst, "negative_slope · x, not · (x - threshold)"
    ),
    "layers.Softmax.without_mask": Mutant("layers.Softmax", SoftmaxWithoutMask, "mask is ignored"),
    "layers.Softmax.masked_afterwards": Mutant(
        "layers.Softmax", SoftmaxMaskedAfterwards, "masked elements count in the sum"
    ),
    "layers.Softmax.first_axis": Mutant(
        "layers.Softmax", SoftmaxOfTheFirstAxis, "of several axes the first is used"
    ),
    "layers.LeakyReLU.of_the_function": Mutant(
        "layers.LeakyReLU", LeakyReLUOfTheFunction, "the default slope is 0.2"
    ),
    "layers.LeakyReLU.at_most_x": Mutant(
        "layers.LeakyReLU", LeakyReLUAtMostX, "max(x, slope · x), wrong for slopes above 1"
    ),
    "layers.PReLU.next_axis": Mutant(
        "layers.PReLU", PReLUSharingTheNextAxis, "each shared axis is taken for the next one"
    ),
    "layers.PReLU.of_magnitude": Mutant("layers.PReLU", PReLUOfMagnitude, "|alpha| is used"),
    "layers.PReLU.without_penalty": Mutant(
        "layers.PReLU", PReLUWithoutPenalty, "alpha_regularizer is ignored"
    ),
    "layers.ELU.ignores_alpha": Mutant("layers.ELU", ELUThatIgnoresAlpha, "alpha is ignored"),
    "layers.ELU.as_printed": Mutant("layers.ELU", ELUAsPrinted, "alpha · exp(x) - 1"),
}
