"""Mutants of chapter 8, pooling: what pads a window, what it is divided by, which steps count."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from ...reference import layers
from ...reference.core import Array, Shape, Weights
from ...reference.layers.spatial import Pairs
from ...reference.layers.windows import Window
from . import Mutant

NAMES = {
    "zeros": "padding counts as 0 in a maximum",
    "odd_before": 'the odd position of "same" padding goes before',
    "padding_counted": "padding counts in the mean",
    "last_left_out": "the last position is left out",
    "layout_ignored": "channels_first is read as channels_last where the shape allows",
    "magnitude": "the largest magnitude, not the largest value",
}


class OddBefore(Window):
    """The odd position of "same" padding goes before."""

    def ends(self, lengths: Shape) -> Pairs:
        found = super().ends(lengths)
        return found if self.padding == "causal" else tuple((b, a) for a, b in found)


def _padded_with_zeros(cls: Any) -> Any:
    """What "same" pads counts as 0 in a maximum."""

    class Mutated(cls):
        def pooled(self, x: Array) -> Array:
            return self.window().over(x, fill=0).max(self.taps())

    return Mutated


def _padding_counted(cls: Any) -> Any:
    """The sum is divided by the size of the window, padding included."""

    class Mutated(cls):
        def pooled(self, x: Array) -> Array:
            return self.window().over(x).mean(self.taps())

    return Mutated


def _odd_before(cls: Any) -> Any:
    """The odd position of "same" padding goes before."""

    class Mutated(cls):
        def window(self) -> Window:
            usual = super().window()
            return OddBefore(**{f.name: getattr(usual, f.name) for f in fields(usual)})

    return Mutated


def _last_left_out(cls: Any) -> Any:
    """The last position of the first spatial axis is left out, if there is another."""

    class Mutated(cls):
        def __call__(self, w: Weights, x: Array, **call: Any) -> Array:
            axis, *_ = self.axes()
            fewer = x.take(range(max(x.shape[axis] - 1, 1)), axis)
            if call.get("mask") is not None:
                call = {"mask": call["mask"][:, : fewer.shape[axis]]}
            return super().__call__(w, fewer, **call)

    return Mutated


def _layout_ignored(cls: Any) -> Any:
    """channels_first is read as channels_last where that gives the same shape."""

    class Mutated(cls):
        def __call__(self, w: Weights, x: Array, **call: Any) -> Array:
            right = super().__call__(w, x, **call)
            other = replace(self, data_format="channels_last")
            if self.data_format != "channels_first" or x.shape[1] != x.shape[-1]:
                return right
            return cls.__call__(other, w, x, **call)

    return Mutated


def _largest_magnitude(cls: Any) -> Any:
    """The largest magnitude, not the largest value."""

    class Mutated(cls):
        def __call__(self, w: Weights, x: Array) -> Array:
            return super().__call__(w, np.abs(x))

    return Mutated


class MaskIgnored(layers.GlobalAveragePooling1D):
    """Masked steps count."""

    def __call__(self, w: Weights, x: Array, *, mask: Array | None = None) -> Array:
        return super().__call__(w, x)

    def readings(self, w: Weights, x: Array, *, mask: Array | None = None) -> dict[str, Array]:
        return {"only": self(w, x)}


class MaskNotCounted(layers.GlobalAveragePooling1D):
    """The sum over the steps that are kept is divided by the number of all."""

    def __call__(self, w: Weights, x: Array, *, mask: Array | None = None) -> Array:
        y = super().__call__(w, x, mask=mask)
        if mask is None:
            return y
        share = mask.astype(float).mean(1)
        return y * share.reshape(-1, *(1,) * (y.ndim - 1))


class StridesOne(layers.MaxPooling1D):
    """strides=None is 1."""

    def window(self) -> Window:
        return super().window() if self.strides else replace(super().window(), stride=(1,))


def _table() -> dict[str, Mutant]:
    """Each mutation of each layer that has what it changes."""
    found: dict[str, Mutant] = {}

    def add(item: str, name: str, change: Any) -> None:
        what = (change.__doc__ or "").strip() or NAMES[name]
        found[f"layers.{item}.{name}"] = Mutant(f"layers.{item}", change, what)

    for rank in (1, 2, 3):
        item = f"MaxPooling{rank}D"
        add(item, "zeros", _padded_with_zeros(getattr(layers, item)))
        add(item, "odd_before", _odd_before(getattr(layers, item)))
        item = f"AveragePooling{rank}D"
        add(item, "padding_counted", _padding_counted(getattr(layers, item)))
        add(item, "odd_before", _odd_before(getattr(layers, item)))
        for item in (f"GlobalMaxPooling{rank}D", f"GlobalAveragePooling{rank}D"):
            add(item, "last_left_out", _last_left_out(getattr(layers, item)))
            add(item, "layout_ignored", _layout_ignored(getattr(layers, item)))
        item = f"GlobalMaxPooling{rank}D"
        add(item, "magnitude", _largest_magnitude(getattr(layers, item)))
    add("MaxPooling1D", "strides_one", StridesOne)
    add("GlobalAveragePooling1D", "mask_ignored", MaskIgnored)
    add("GlobalAveragePooling1D", "mask_not_counted", MaskNotCounted)
    return found


MUTANTS = _table()
