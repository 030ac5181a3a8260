"""Mutants of chapter 7, convolution: where windows lie, how kernels and channels are laid out."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from ...reference import identifiers, layers
from ...reference.core import Array, Shape, Weights
from ...reference.layers.spatial import Pairs, spatial_axes
from ...reference.layers.windows import Window
from . import Mutant
from .pooling import OddBefore

KINDS = ("Depthwise", "Separable")


class OddFirst(Window):
    """The larger half of an even padding goes before."""

    def even_ends(self, lengths: Shape, outputs: Shape) -> Pairs:
        return tuple((b, a) for a, b in super().even_ends(lengths, outputs))


class CausalOneLate(Window):
    """A causal window also sees the next position."""

    def ends(self, lengths: Shape) -> Pairs:
        if self.padding != "causal":
            return super().ends(lengths)
        return tuple((span - 2, 1) if span > 1 else (0, 0) for span in self.span)


class DilatedSpanForgotten(Window):
    """Padding is that of the kernel before it was dilated, the missing rest is added after."""

    def ends(self, lengths: Shape) -> Pairs:
        right, plain = super().ends(lengths), replace(self, dilation=(1,) * len(self.size))
        before = [a for a, _ in Window.ends(plain, lengths)]
        return tuple((a, sum(pair) - a) for a, pair in zip(before, right, strict=True))


def _windowed(cls: Any, kind: type[Window]) -> Any:
    """The layer with another kind of window."""

    class Mutated(cls):
        def window(self) -> Window:
            usual = super().window()
            return kind(**{f.name: getattr(usual, f.name) for f in fields(usual)})

    return Mutated


def _weighted(cls: Any, role: str, change: Any) -> Any:
    """The layer with one of its weights changed before it is used."""

    class Mutated(cls):
        def __call__(self, w: Weights, x: Array) -> Array:
            return super().__call__({**w, role: change(self, w[role])}, x)

    return Mutated


def _mirrored(layer: Any, kernel: Array) -> Array:
    return np.flip(kernel, tuple(range(layer.rank)))


def _other_spatial_order(layer: Any, kernel: Array) -> Array:
    turned = np.moveaxis(kernel, layer.rank - 1, 0)
    return turned if turned.shape == kernel.shape else kernel


def _in_and_out_swapped(layer: Any, kernel: Array) -> Array:
    return kernel.swapaxes(-1, -2) if kernel.shape[-1] == kernel.shape[-2] else kernel


def _multiplier_first(layer: Any, kernel: Array) -> Array:
    *size, channels, multiplier = kernel.shape
    return kernel.reshape(*size, multiplier, channels).swapaxes(-1, -2)


def _groups_interleaved(layer: Any, kernel: Array) -> Array:
    *size, per_group, filters = kernel.shape
    apart = kernel.reshape(*size, per_group, filters // layer.groups, layer.groups)
    return apart.swapaxes(-1, -2).reshape(kernel.shape)


def _bias_along_last_axis(cls: Any) -> Any:
    """With channels_first, a bias as long as the last axis is added along that one."""

    class Mutated(cls):
        def __call__(self, w: Weights, x: Array) -> Array:
            y = replace(self, activation=None).right(w, x)
            if "bias" in w and w["bias"].shape == y.shape[-1:]:
                y = replace(self, activation=None).right({**w, "bias": 0 * w["bias"]}, x)
                y = y + w["bias"]
            return identifiers.activation(self.activation)(y)

        def right(self, w: Weights, x: Array) -> Array:
            return super().__call__(w, x)

    return Mutated


def _bias_after_activation(cls: Any) -> Any:
    """The bias is added to what the activation gives."""

    class Mutated(cls):
        def __call__(self, w: Weights, x: Array) -> Array:
            y = super().__call__({**w, "bias": 0.0}, x)
            shape = (1, -1, *(1,) * self.rank) if self.data_format == "channels_first" else (-1,)
            return y + np.reshape(w.get("bias", 0.0), shape)

    return Mutated


def _extra_before(cls: Any) -> Any:
    """output_padding lengthens the output at its beginning."""

    class Mutated(cls):
        def __call__(self, w: Weights, x: Array) -> Array:
            extra = tuple(n or 0 for n in self._extra())
            return np.roll(super().__call__(w, x), extra, spatial_axes(self.data_format, self.rank))

    return Mutated


def _table() -> dict[str, Mutant]:
    """Each mutation of each layer that has what it changes."""
    found: dict[str, Mutant] = {}

    def add(item: str, name: str, change: Any, what: str) -> None:
        found[f"layers.{item}.{name}"] = Mutant(f"layers.{item}", change, what)

    kernels = {f"Conv{n}D": "kernel" for n in (1, 2, 3)}
    kernels |= {f"{kind}Conv{n}D": "depthwise_kernel" for kind in KINDS for n in (1, 2)}
    for item, role in kernels.items():
        cls = getattr(layers, item)
        add(item, "odd_before", _windowed(cls, OddBefore), OddBefore.__doc__ or "")
        add(item, "mirrored", _weighted(cls, role, _mirrored), "the kernel is mirrored")
        add(item, "undilated", _windowed(cls, DilatedSpanForgotten), "padding ignores dilation")
        if role != "kernel":
            changed = _weighted(cls, role, _multiplier_first)
            add(item, "multiplier_first", changed, "the channels of the kernel vary slowest")
        else:
            changed = _weighted(cls, role, _groups_interleaved)
            add(item, "groups_interleaved", changed, "filter f belongs to group f mod groups")
    for n in (1, 2, 3):
        item = f"Conv{n}DTranspose"
        cls = getattr(layers, item)
        add(item, "mirrored", _weighted(cls, "kernel", _mirrored), "the kernel is mirrored")
        add(item, "extra_before", _extra_before(cls), "output_padding goes before")
        swapped = _weighted(cls, "kernel", _in_and_out_swapped)
        add(item, "swapped", swapped, "a square kernel is used as that of Conv")
        add(item, "odd_first", _windowed(cls, OddFirst), "the odd position is cropped before")
    for item in ("Conv1D", "Conv2D", "Conv3D", "DepthwiseConv2D", "Conv2DTranspose"):
        changed = _bias_along_last_axis(getattr(layers, item))
        add(item, "bias_along_last_axis", changed, "bias along the last axis if that fits")
    for item in ("Conv2D", "SeparableConv1D", "Conv1DTranspose"):
        changed = _bias_after_activation(getattr(layers, item))
        add(item, "bias_late", changed, "the bias is added after the activation")
    add("Conv1D", "causal_late", _windowed(layers.Conv1D, CausalOneLate), "causal sees the future")
    turned = _weighted(layers.Conv2D, "kernel", _other_spatial_order)
    add("Conv2D", "transposed", turned, "a square kernel is transposed")
    turned = _weighted(layers.Conv3D, "kernel", _other_spatial_order)
    add("Conv3D", "transposed", turned, "a cubic kernel has its last axis first")
    return found


MUTANTS = _table()
