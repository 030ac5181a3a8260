"""Mutants of chapter 14, the reshaping layers: an axis, end, factor or argument that is off."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...reference.core import Array, Weights
from ...reference.layers import (
    cropping,
    flatten,
    permute,
    repeat_vector,
    reshape,
    up_sampling,
    zero_padding,
)
from ...reference.layers.resampling import matrix, matrix_repeating_edges
from . import Mutant


class ReshapeColumnsFirst(reshape.Reshape):
    """Elements in column-major order, like Fortran's."""

    def __call__(self, w: Weights, x: Array) -> Array:
        shape = super().__call__(w, x).shape
        turned = x.transpose(0, *range(x.ndim - 1, 0, -1))
        return turned.reshape(shape[0], *shape[:0:-1]).transpose(0, *range(len(shape) - 1, 0, -1))


class ReshapeKeepsMask(reshape.Reshape):
    """The mask of the input passes, though its steps are gone."""

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> Array | None:
        return masks[0]


class FlattenAnyLayout(flatten.Flatten):
    """``data_format`` is ignored."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return flatten.Flatten()(w, x)


class FlattenNumbers(flatten.Flatten):
    """A batch of numbers stays one."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return x if x.ndim == 1 else super().__call__(w, x)


class RepeatVectorFeatures(repeat_vector.RepeatVector):
    """Every feature is repeated, not the vector."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return np.repeat(x, self.n, axis=1).reshape(super().__call__(w, x).shape)


class RepeatVectorInFront(repeat_vector.RepeatVector):
    """The copies are behind the features."""

    def __call__(self, w: Weights, x: Array) -> Array:
        return np.moveaxis(super().__call__(w, x), 1, -1)


class PermuteInverse(permute.Permute):
    """Axis k of x goes to place dims[k], not the reverse."""

    def __call__(self, w: Weights, x: Array) -> Array:
        super().__call__(w, x)
        return x.transpose(0, *(1 + int(k) for k in np.argsort(self.dims)))


class PermuteBackwards(permute.Permute):
    """``dims`` are read from the end."""

    def __call__(self, w: Weights, x: Array) -> Array:
        super().__call__(w, x)
        return x.transpose(0, *self.dims[::-1])


def ends_swapped(layer: type) -> type:
    """Amounts before are taken for amounts after."""

    class Swapped(layer):
        def amounts(self) -> dict[int, tuple[int, int]]:
            return {axis: pair[::-1] for axis, pair in super().amounts().items()}

    return Swapped


def same_at_both_ends(layer: type) -> type:
    """The amount before is also that after."""

    class Same(layer):
        def amounts(self) -> dict[int, tuple[int, int]]:
            return {axis: (pair[0], pair[0]) for axis, pair in super().amounts().items()}

    return Same


def axes_swapped(layer: type, method: str) -> type:
    """The first spatial axis gets what is meant for the last."""

    def swapped(self: object) -> dict[int, object]:
        found = getattr(layer, method)(self)
        return dict(zip(found, list(found.values())[::-1], strict=True))

    return type("AxesSwapped", (layer,), {method: swapped})


def channels_last_only(layer: type, method: str) -> type:
    """``data_format`` is ignored."""

    def spatial(self: object) -> dict[int, object]:
        found = getattr(layer, method)(self)
        return dict(enumerate(found.values(), start=1))

    return type("ChannelsLastOnly", (layer,), {method: spatial})


class ZeroPaddingOfEdges(zero_padding.ZeroPadding2D):
    """The edges are repeated; no zeros are put in."""

    def __call__(self, w: Weights, x: Array) -> Array:
        y = x
        for axis, (before, after) in self.amounts().items():
            first, last = (np.take(y, [end], axis=axis) for end in (0, -1))
            y = np.concatenate([first] * before + [y] + [last] * after, axis=axis)
        return y


def tiled(layer: type) -> type:
    """Copies of the whole axis follow each other, not copies of each position."""

    class Tiled(layer):
        def __call__(self, w: Weights, x: Array) -> Array:
            for axis, size in self.factors().items():
                x = np.concatenate([x] * size, axis=axis)
            return x

    return Tiled


class UpSampledMask(up_sampling.UpSampling1D):
    """The mask is repeated like the steps."""

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> Array | None:
        mask = masks[0]
        return mask if mask is None or mask.ndim < 2 else np.repeat(mask, self.size, axis=1)


def interpolated(method: str, weights: Callable[[int, int], Array]) -> type:
    """UpSampling2D with other weights for one interpolation."""

    class Interpolated(up_sampling.UpSampling2D):
        def __call__(self, w: Weights, x: Array) -> Array:
            if self.interpolation != method:
                return super().__call__(w, x)
            return self._resampled(x, weights)

    return Interpolated


def corner_to_corner(old: int, new: int) -> Array:
    """Bilinear weights where the first and last positions stay where they are."""
    at = np.arange(new)[:, None] * (old - 1) / max(new - 1, 1)
    return np.maximum(0.0, 1.0 - np.abs(at - np.arange(old)))


def _mutants() -> dict[str, Mutant]:
    crop, pad, up = cropping, zero_padding, up_sampling
    rows = [
        ("Reshape", "columns_first", ReshapeColumnsFirst),
        ("Reshape", "keeps_mask", ReshapeKeepsMask),
        ("Flatten", "any_layout", FlattenAnyLayout),
        ("Flatten", "numbers", FlattenNumbers),
        ("RepeatVector", "features", RepeatVectorFeatures),
        ("RepeatVector", "behind", RepeatVectorInFront),
        ("Permute", "inverse", PermuteInverse),
        ("Permute", "backwards", PermuteBackwards),
        ("Cropping1D", "ends_swapped", ends_swapped(crop.Cropping1D)),
        ("Cropping1D", "same_at_both_ends", same_at_both_ends(crop.Cropping1D)),
        ("Cropping2D", "axes_swapped", axes_swapped(crop.Cropping2D, "amounts")),
        ("Cropping2D", "channels_last_only", channels_last_only(crop.Cropping2D, "amounts")),
        ("Cropping3D", "ends_swapped", ends_swapped(crop.Cropping3D)),
        ("Cropping3D", "channels_last_only", channels_last_only(crop.Cropping3D, "amounts")),
        ("ZeroPadding1D", "ends_swapped", ends_swapped(pad.ZeroPadding1D)),
        ("ZeroPadding1D", "channels_last_only", channels_last_only(pad.ZeroPadding1D, "amounts")),
        ("ZeroPadding2D", "axes_swapped", axes_swapped(pad.ZeroPadding2D, "amounts")),
        ("ZeroPadding2D", "of_edges", ZeroPaddingOfEdges),
        ("ZeroPadding3D", "same_at_both_ends", same_at_both_ends(pad.ZeroPadding3D)),
        ("ZeroPadding3D", "axes_swapped", axes_swapped(pad.ZeroPadding3D, "amounts")),
        ("UpSampling1D", "tiled", tiled(up.UpSampling1D)),
        ("UpSampling1D", "mask", UpSampledMask),
        ("UpSampling2D", "axes_swapped", axes_swapped(up.UpSampling2D, "factors")),
        ("UpSampling2D", "corners", interpolated("bilinear", corner_to_corner)),
        ("UpSampling2D", "cubic", interpolated("bicubic", _softer_cubic)),
        ("UpSampling2D", "lanczos", interpolated("lanczos5", _lanczos3)),
        ("UpSampling3D", "tiled", tiled(up.UpSampling3D)),
        ("UpSampling3D", "axes_swapped", axes_swapped(up.UpSampling3D, "factors")),
    ]
    return {
        f"layers.{item}.{name}": Mutant(f"layers.{item}", change, _what(change))
        for item, name, change in rows
    }


def _softer_cubic(old: int, new: int) -> Array:
    return matrix_repeating_edges(old, new, a=-0.6)


def _lanczos3(old: int, new: int) -> Array:
    return matrix(old, new, "lanczos3")


def _what(change: type) -> str:
    return WHAT.get(change.__name__) or (change.__doc__ or "").splitlines()[0].rstrip(".")


WHAT = {
    "Swapped": "what is meant for one end is done at the other",
    "Same": "the amount before is also that after",
    "AxesSwapped": "the first spatial axis gets what is meant for the last",
    "ChannelsLastOnly": "data_format is ignored",
    "Tiled": "copies of the whole axis follow each other",
    "Interpolated": "one interpolation has other weights",
}
"""Of the classes that are made for several layers."""

MUTANTS = _mutants()
