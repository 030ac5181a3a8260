"""Mutants of chapter 11, normalization: a variance, an epsilon, an axis, a mask, an average."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...reference import layers
from ...reference.core import Array, Weights
from . import Mutant


def epsilon_outside(
    x: Array, mean: Any, variance: Array, epsilon: float, *, gamma: Any, beta: Any
) -> Array:
    """Divide by √variance + epsilon."""
    return (x - mean) / (np.sqrt(variance) + epsilon) * gamma + beta


def gamma_after_beta(
    x: Array, mean: Any, variance: Array, epsilon: float, *, gamma: Any, beta: Any
) -> Array:
    """Scale the offset, too."""
    return ((x - mean) / np.sqrt(variance + epsilon) + beta) * gamma


class BatchUnbiased(layers.BatchNormalization):
    """The variance divides by n - 1."""

    def moments(self, x: Array, mask: Array | None = None, **empty: float) -> Any:
        mean, variance = super().moments(x, mask, **empty)
        n = x.size // x.shape[self.axis]
        return mean, variance * (n / max(n - 1, 1))


class BatchMaskIgnored(layers.BatchNormalization):
    """Statistics are those of all positions."""

    def moments(self, x: Array, mask: Array | None = None, **empty: float) -> Any:
        return super().moments(x, None, **empty)


class BatchMomentumSwapped(layers.BatchNormalization):
    """The old average has the weight 1 - momentum."""

    def update(self, w: Weights, x: Array, **call: Any) -> dict[str, Array]:
        other = replace(self, momentum=1.0 - self.momentum)
        return layers.BatchNormalization.update(other, w, x, **call)

    def update_readings(self, w: Weights, x: Array, **call: Any) -> dict[str, dict[str, Array]]:
        return {"documented": self.update(w, x, **call)}


class BatchFrozenTrains(layers.BatchNormalization):
    """trainable=False does not mean inference."""

    def _batch(self, x: Array, training: bool | None, mask: Array | None) -> Any:
        return self.moments(x, mask) if training else None


class BatchEpsilonOutside(layers.BatchNormalization):
    """epsilon outside the root."""

    def _by(self, formula: Any, *arguments: Any) -> Array:
        return super()._by(epsilon_outside, *arguments)


class BatchLastAxis(layers.BatchNormalization):
    """A negative axis is always the last one."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "axis", max(self.axis, -1))


class BatchRenormUnclipped(layers.BatchNormalization):
    """renorm_clipping is ignored."""

    def _correction(self, w: Weights, mean: Array, variance: Array) -> tuple[Array, Array]:
        other = replace(self, renorm_clipping=None)
        return layers.BatchNormalization._correction(other, w, mean, variance)


class LayerEpsilonOutside(layers.LayerNormalization):
    """epsilon outside the root."""

    def _by(self, formula: Any, w: Weights, x: Array) -> Array:
        return super()._by(epsilon_outside, w, x)


class LayerGammaAfterBeta(layers.LayerNormalization):
    """gamma multiplies beta, too."""

    def _by(self, formula: Any, w: Weights, x: Array) -> Array:
        return super()._by(gamma_after_beta, w, x)


class LayerFirstAxis(layers.LayerNormalization):
    """Statistics over the first of several axes only."""

    def _by(self, formula: Any, w: Weights, x: Array) -> Array:
        axis = self.axis if isinstance(self.axis, int) else self.axis[0]
        mean = x.mean(axis, keepdims=True)
        variance = ((x - mean) ** 2).mean(axis, keepdims=True)
        return formula(x, mean, variance, self.epsilon, **self._affine(w, x))


class LayerUnbiased(layers.LayerNormalization):
    """The variance divides by n - 1."""

    def _by(self, formula: Any, w: Weights, x: Array) -> Array:
        axes = self.axis if isinstance(self.axis, int) else tuple(self.axis)
        mean = x.mean(axes, keepdims=True)
        n = x.size // mean.size
        variance = ((x - mean) ** 2).sum(axes, keepdims=True) / max(n - 1, 1)
        return formula(x, mean, variance, self.epsilon, **self._affine(w, x))


class GroupStrided(layers.GroupNormalization):
    """The channels of a group are groups apart, not neighbours."""

    def __call__(self, w: Weights, x: Array) -> Array:
        axis, groups = self._axis_and_groups(x.shape)
        order = np.arange(x.shape[axis]).reshape(-1, groups).T.ravel()
        moved = {role: value[order] for role, value in w.items()}
        y = super().__call__(moved, np.moveaxis(np.moveaxis(x, axis, 0)[order], 0, axis))
        return np.moveaxis(np.moveaxis(y, axis, 0)[np.argsort(order)], 0, axis)


class GroupOne(layers.GroupNormalization):
    """groups=-1 makes one group."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "groups", abs(self.groups))


class GroupEpsilonOutside(layers.GroupNormalization):
    """epsilon outside the root."""

    def _by(self, formula: Any, w: Weights, x: Array) -> Array:
        return super()._by(epsilon_outside, w, x)


class UnitOfAbsolutes(layers.UnitNormalization):
    """The sum of absolute values as the length."""

    def __call__(self, w: Weights, x: Array) -> Array:
        axes = self.axis if isinstance(self.axis, int) else tuple(self.axis)
        length = abs(x).sum(axes, keepdims=True)
        return x / np.where(length == 0.0, 1.0, length)


class UnitAxisIgnored(layers.UnitNormalization):
    """Always along the last axis."""

    def _divided(self, x: Array) -> tuple[Array, Array]:
        return layers.UnitNormalization()._divided(x)


class UnitFirstAxis(layers.UnitNormalization):
    """Of several axes only the first counts."""

    def _divided(self, x: Array) -> tuple[Array, Array]:
        axis = self.axis if isinstance(self.axis, int) else self.axis[0]
        return layers.UnitNormalization(axis)._divided(x)


def _of(item: str, *mutants: tuple[str, type, str]) -> dict[str, Mutant]:
    item = f"layers.{item}Normalization"
    return {f"{item}.{name}": Mutant(item, change, what) for name, change, what in mutants}


MUTANTS = {
    **_of(
        "Batch",
        ("unbiased", BatchUnbiased, "the variance divides by n - 1"),
        ("mask_ignored", BatchMaskIgnored, "the mask is ignored"),
        ("momentum_swapped", BatchMomentumSwapped, "momentum and 1 - momentum are swapped"),
        ("frozen_trains", BatchFrozenTrains, "trainable=False is ignored"),
        ("epsilon_outside", BatchEpsilonOutside, "√variance + epsilon"),
        ("last_axis", BatchLastAxis, "every negative axis is the last"),
        ("renorm_unclipped", BatchRenormUnclipped, "renorm_clipping is ignored"),
    ),
    **_of(
        "Layer",
        ("epsilon_outside", LayerEpsilonOutside, "√variance + epsilon"),
        ("gamma_after_beta", LayerGammaAfterBeta, "(… + beta) · gamma"),
        ("first_axis", LayerFirstAxis, "statistics over the first of several axes"),
        ("unbiased", LayerUnbiased, "the variance divides by n - 1"),
    ),
    **_of(
        "Unit",
        ("of_absolutes", UnitOfAbsolutes, "the length is Σ |x|"),
        ("axis_ignored", UnitAxisIgnored, "axis is ignored"),
        ("first_axis", UnitFirstAxis, "only the first of several axes counts"),
    ),
    **_of(
        "Group",
        ("strided", GroupStrided, "groups of channels that are not neighbours"),
        ("one", GroupOne, "groups=-1 is one group"),
        ("epsilon_outside", GroupEpsilonOutside, "√variance + epsilon"),
    ),
}
