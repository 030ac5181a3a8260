"""Mutants of chapter 4, the regularizers: a factor, a mean, a mode that is off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...reference import regularizers
from ...reference.core import Array
from . import Mutant


class BaseOfAbsolutes(regularizers.Regularizer):
    """The base class penalises like L1(1)."""

    def __call__(self, x: Array) -> Array:
        return np.abs(x).sum()


class BasePerElement(regularizers.Regularizer):
    """The base class gives an array of zeros in place of one number."""

    def __call__(self, x: Array) -> Array:
        return x * 0.0


class L1Mean(regularizers.L1):
    """The mean in place of the sum."""

    def __call__(self, x: Array) -> Array:
        return self.l1 * np.abs(x).mean()


class L1Signed(regularizers.L1):
    """|Σ x| in place of Σ |x|."""

    def __call__(self, x: Array) -> Array:
        return self.l1 * np.abs(x.sum())


class L1FixedFactor(regularizers.L1):
    """The factor is always the default."""

    def __call__(self, x: Array) -> Array:
        return 0.01 * np.abs(x).sum()


class L2Half(regularizers.L2):
    """With the factor ½ of weight decay."""

    def __call__(self, x: Array) -> Array:
        return 0.5 * super().__call__(x)


@dataclass(frozen=True)
class L2OtherDefault(regularizers.L2):
    """The default factor is 0.1."""

    l2: float = 0.1


class L1L2SameFactor(regularizers.L1L2):
    """l1 is used for both parts."""

    def __call__(self, x: Array) -> Array:
        return self.l1 * np.abs(x).sum() + self.l1 * np.square(x).sum()


class L1L2Either(regularizers.L1L2):
    """Squares count only without l1."""

    def __call__(self, x: Array) -> Array:
        return regularizers.L1(self.l1)(x) if self.l1 else regularizers.L2(self.l2)(x)


class OrthogonalOverAllPairs(regularizers.OrthogonalRegularizer):
    """The mean is over n² pairs, those of a vector with itself included."""

    def _mean(self, cosines: Array) -> Array:
        return self.factor * cosines.sum() / cosines.shape[0] ** 2


class OrthogonalModeIgnored(regularizers.OrthogonalRegularizer):
    """Always rows."""

    def __call__(self, x: Array) -> Array:
        return regularizers.OrthogonalRegularizer(self.factor)(x)

    def readings(self, x: Array) -> dict[str, Array]:
        return regularizers.OrthogonalRegularizer(self.factor).readings(x)


MUTANTS = {
    "regularizers.Regularizer.of_absolutes": Mutant(
        "regularizers.Regularizer", BaseOfAbsolutes, "the base class penalises Σ |x|"
    ),
    "regularizers.Regularizer.per_element": Mutant(
        "regularizers.Regularizer", BasePerElement, "an array of zeros, not one number"
    ),
    "regularizers.L1.mean": Mutant("regularizers.L1", L1Mean, "the mean, not the sum"),
    "regularizers.L1.signed": Mutant("regularizers.L1", L1Signed, "|Σ x|, not Σ |x|"),
    "regularizers.L1.fixed_factor": Mutant("regularizers.L1", L1FixedFactor, "l1 is ignored"),
    "regularizers.L2.half": Mutant("regularizers.L2", L2Half, "half of the penalty"),
    "regularizers.L2.other_default": Mutant("regularizers.L2", L2OtherDefault, "l2=0.1 by default"),
    "regularizers.L1L2.same_factor": Mutant("regularizers.L1L2", L1L2SameFactor, "l2 is ignored"),
    "regularizers.L1L2.either": Mutant("regularizers.L1L2", L1L2Either, "l1 switches l2 off"),
    "regularizers.OrthogonalRegularizer.over_all_pairs": Mutant(
        "regularizers.OrthogonalRegularizer", OrthogonalOverAllPairs, "the mean is over n² pairs"
    ),
    "regularizers.OrthogonalRegularizer.mode_ignored": Mutant(
        "regularizers.OrthogonalRegularizer", OrthogonalModeIgnored, "mode is ignored"
    ),
}
