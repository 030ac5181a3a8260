"""Mutants of chapter 5, the constraints: a norm, an axis, a bound, a rate that is off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...reference import constraints
from ...reference.core import Array
from . import Mutant


def _on_axis(made: Any, axis: Any, w: Array) -> Array:
    """The constraint along another axis."""
    return type(made).__mro__[1](**vars(replace(made, axis=axis)))(w)


class ConstraintAbsolute(constraints.Constraint):
    """The base class gives |w|."""

    def __call__(self, w: Array) -> Array:
        return np.abs(w)


class ConstraintReversed(constraints.Constraint):
    """The base class reverses the first axis."""

    def __call__(self, w: Array) -> Array:
        return np.flip(w, 0)


class MaxNormAxisIgnored(constraints.MaxNorm):
    """Always along axis 0."""

    def __call__(self, w: Array) -> Array:
        return _on_axis(self, 0, w)


class MaxNormFirstAxis(constraints.MaxNorm):
    """Of several axes only the first counts."""

    def __call__(self, w: Array) -> Array:
        return _on_axis(self, self.axis if isinstance(self.axis, int) else self.axis[0], w)


class MaxNormAlways(constraints.MaxNorm):
    """Short vectors are stretched to max_value, too."""

    def __call__(self, w: Array) -> Array:
        return constraints.UnitNorm(self.axis)(w) * self.max_value

    def readings(self, w: Array) -> dict[str, Array]:
        return {}


class MinMaxNormRateIgnored(constraints.MinMaxNorm):
    """The bounds hold after one step whatever the rate."""

    def _desired(self, length: Array) -> Array:
        return np.minimum(np.maximum(length, self.min_value), self.max_value)


class MinMaxNormNoMinimum(constraints.MinMaxNorm):
    """No lower bound."""

    def _desired(self, length: Array) -> Array:
        return (1.0 - self.rate) * length + self.rate * np.minimum(length, self.max_value)


class NonNegAbsolute(constraints.NonNeg):
    """|w| in place of max(w, 0)."""

    def __call__(self, w: Array) -> Array:
        return np.abs(w)


class NonNegBelowZero(constraints.NonNeg):
    """Values down to -1e-3 stay."""

    def __call__(self, w: Array) -> Array:
        return np.where(w < -1e-3, 0.0, w)


class UnitNormOfAbsolutes(constraints.UnitNorm):
    """The sum of absolute values as the norm."""

    def __call__(self, w: Array) -> Array:
        axes = self.axis if isinstance(self.axis, int) else tuple(self.axis)
        return w / (1e-7 + np.abs(w).sum(axes, keepdims=True))

    def readings(self, w: Array) -> dict[str, Array]:
        return {}


class UnitNormAxisIgnored(constraints.UnitNorm):
    """Always along the last axis."""

    def __call__(self, w: Array) -> Array:
        return _on_axis(self, -1, w)


MUTANTS = {
    "constraints.Constraint.absolute": Mutant(
        "constraints.Constraint", ConstraintAbsolute, "|w|, not w"
    ),
    "constraints.Constraint.reversed": Mutant(
        "constraints.Constraint", ConstraintReversed, "the first axis is reversed"
    ),
    "constraints.MaxNorm.axis_ignored": Mutant(
        "constraints.MaxNorm", MaxNormAxisIgnored, "axis is ignored"
    ),
    "constraints.MaxNorm.first_axis": Mutant(
        "constraints.MaxNorm", MaxNormFirstAxis, "only the first of several axes counts"
    ),
    "constraints.MaxNorm.always": Mutant(
        "constraints.MaxNorm", MaxNormAlways, "every norm becomes max_value"
    ),
    "constraints.MinMaxNorm.rate_ignored": Mutant(
        "constraints.MinMaxNorm", MinMaxNormRateIgnored, "rate is ignored"
    ),
    "constraints.MinMaxNorm.no_minimum": Mutant(
        "constraints.MinMaxNorm", MinMaxNormNoMinimum, "min_value is ignored"
    ),
    "constraints.NonNeg.absolute": Mutant("constraints.NonNeg", NonNegAbsolute, "|w|"),
    "constraints.NonNeg.below_zero": Mutant(
        "constraints.NonNeg", NonNegBelowZero, "small negative values stay"
    ),
    "constraints.UnitNorm.of_absolutes": Mutant(
        "constraints.UnitNorm", UnitNormOfAbsolutes, "the norm is Σ |w|"
    ),
    "constraints.UnitNorm.axis_ignored": Mutant(
        "constraints.UnitNorm", UnitNormAxisIgnored, "axis is ignored"
    ),
}
