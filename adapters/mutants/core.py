"""Mutants of chapter 6, the core layers: a weight, mask, argument or condition that is off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...reference import layers
from ...reference.core import Array, Weights
from . import Mutant

Masks = tuple[Array | None, ...]


class InputAnyFeatures(layers.Input):
    """An array of any shape passes."""

    def __call__(self, w: Weights, x: Array | None) -> Array | None:
        return x


class InputBatchForgotten(layers.Input):
    """batch_size together with batch_shape is accepted."""

    def __post_init__(self) -> None:
        if self.batch_shape is None or self.shape is not None:
            super().__post_init__()


class InputSpecSqueezesAll(layers.InputSpec):
    """A squeeze does not look at the size of the last axis."""

    def _fits(self, shape: Any, spec: Any) -> bool:
        if self.allow_last_axis_squeeze and abs(len(shape) - len(spec)) == 1:
            rank = min(len(shape), len(spec))
            shape, spec = shape[:rank], spec[:rank]
        return super()._fits(shape, spec)


class InputSpecMaxTooHigh(layers.InputSpec):
    """A rank of max_ndim + 1 passes."""

    def check(self, shape: Any, dtype: str | None = None) -> None:
        top = None if self.max_ndim is None else self.max_ndim + 1
        layers.InputSpec.check(replace(self, max_ndim=top), shape, dtype)


class InputSpecAxesIgnored(layers.InputSpec):
    """axes is ignored."""

    def check(self, shape: Any, dtype: str | None = None) -> None:
        layers.InputSpec.check(replace(self, axes=None), shape, dtype)


class DenseTransposed(layers.Dense):
    """A square kernel is used transposed."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return super().__call__({**w, "kernel": _transposed(w["kernel"])}, x)


class DenseBiasAfterwards(layers.Dense):
    """The bias is added after the activation."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return super().__call__({"kernel": w["kernel"]}, x) + w.get("bias", 0.0)


class DenseBiasLoss(layers.Dense):
    """bias_regularizer is taken from the kernel's."""

    def __getattribute__(self, name: str) -> Any:
        alias = {"bias_regularizer": "kernel_regularizer"}.get(name, name)
        return super().__getattribute__(alias)


class EinsumDenseTransposed(layers.EinsumDense):
    """A square kernel is used transposed."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return super().__call__({**w, "kernel": _transposed(w["kernel"])}, x)


class EinsumDenseNoActivation(layers.EinsumDense):
    """activation is ignored."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return layers.EinsumDense.__call__(replace(self, activation=None), w, x)


class ActivationNamesOnly(layers.Activation):
    """A callable is taken for None."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return super().__call__(w, x) if isinstance(self.activation, str) else x


class ActivationDropsMask(layers.Activation):
    """The output carries no mask."""

    def compute_mask(self, x: Array, *, masks: Masks) -> None:
        return None


class EmbeddingFromOne(layers.Embedding):
    """Indices count from 1, the last row being the first."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return w["embeddings"][x.astype(int) - 1]


class EmbeddingMaskInverted(layers.Embedding):
    """The mask is True at the padding."""

    def compute_mask(self, x: Array, *, masks: Masks) -> Array | None:
        return x == 0 if self.mask_zero else None


class EmbeddingAlwaysMasks(layers.Embedding):
    """mask_zero is ignored: index 0 is always padding."""

    def compute_mask(self, x: Array, *, masks: Masks) -> Array | None:
        return x != 0


class MaskingAnyFeature(layers.Masking):
    """One feature that equals mask_value masks the step."""

    def compute_mask(self, x: Array, *, masks: Masks) -> Array:
        return (x != self.mask_value).all(-1)

    def mask_readings(self, x: Array, *, masks: Masks) -> dict[str, Array]:
        return {"last axis": self.compute_mask(x, masks=masks)}


class MaskingZero(layers.Masking):
    """mask_value is ignored: steps of zeros are masked."""

    def compute_mask(self, x: Array, *, masks: Masks) -> Array:
        return (x != 0).any(-1)

    def __call__(self, w: Weights, x: Array) -> Array:
        return np.where((x != 0).any(-1, keepdims=True), x, 0)


class LambdaNoArguments(layers.Lambda):
    """arguments is ignored."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return self.function(x)


class LambdaPassesMask(layers.Lambda):
    """The output carries the mask of the input whatever ``mask`` says."""

    def compute_mask(self, x: Array, *, masks: Masks) -> Array | None:
        return masks[0]


class IdentityDropsMask(layers.Identity):
    """The output carries no mask."""

    def compute_mask(self, x: Array, *, masks: Masks) -> None:
        return None


class IdentityAbsolute(layers.Identity):
    """|x| in place of x."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return np.abs(x)


def _transposed(kernel: Array) -> Array:
    square = kernel.ndim == 2 and kernel.shape[0] == kernel.shape[1]
    return kernel.T if square else kernel


_CHANGES: dict[str, tuple[type, str]] = {
    "Input.any_features": (InputAnyFeatures, "an array of any shape passes"),
    "Input.batch_forgotten": (InputBatchForgotten, "batch_size beside batch_shape is accepted"),
    "InputSpec.squeezes_all": (InputSpecSqueezesAll, "any last axis may be squeezed"),
    "InputSpec.max_too_high": (InputSpecMaxTooHigh, "a rank of max_ndim + 1 passes"),
    "InputSpec.axes_ignored": (InputSpecAxesIgnored, "axes is ignored"),
    "Dense.transposed": (DenseTransposed, "a square kernel is transposed"),
    "Dense.bias_afterwards": (DenseBiasAfterwards, "the bias comes after the activation"),
    "Dense.bias_loss": (DenseBiasLoss, "the kernel's regularizer is used for the bias"),
    "EinsumDense.transposed": (EinsumDenseTransposed, "a square kernel is transposed"),
    "EinsumDense.no_activation": (EinsumDenseNoActivation, "activation is ignored"),
    "Activation.names_only": (ActivationNamesOnly, "a callable is taken for None"),
    "Activation.drops_mask": (ActivationDropsMask, "the output carries no mask"),
    "Embedding.from_one": (EmbeddingFromOne, "indices count from 1"),
    "Embedding.mask_inverted": (EmbeddingMaskInverted, "the mask is True at the padding"),
    "Embedding.always_masks": (EmbeddingAlwaysMasks, "mask_zero is ignored"),
    "Masking.any_feature": (MaskingAnyFeature, "one equal feature masks the step"),
    "Masking.zero": (MaskingZero, "mask_value is ignored"),
    "Lambda.no_arguments": (LambdaNoArguments, "arguments is ignored"),
    "Lambda.passes_mask": (LambdaPassesMask, "the input's mask passes through"),
    "Identity.drops_mask": (IdentityDropsMask, "the output carries no mask"),
    "Identity.absolute": (IdentityAbsolute, "|x|, not x"),
}

MUTANTS = {
    f"layers.{name}": Mutant(f"layers.{name.partition('.')[0]}", made, what)
    for name, (made, what) in _CHANGES.items()
}
