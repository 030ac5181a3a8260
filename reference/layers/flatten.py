"""Flatten: all axes but the batch axis become one.

    y[b, :] = x[b].ravel(), the channels innermost

Source: https://keras.io/api/layers/reshaping_layers/flatten/ (Keras 3.15.1).
"""

import math
from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights, check
from .spatial import spatial_axes


@dataclass(frozen=True)
class Flatten:
    """Make every sample a vector; ``(batch,)`` becomes ``(batch, 1)``.

    Shapes
        x   (batch, *spatial, channels)         channels_first: (batch, channels, *spatial)
        y   (batch, channels · Π spatial)

    ``data_format`` says only how x is laid out: both layouts of the same data give the same y.

    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: an unknown data_format
        on call: x without a batch axis

    >>> x = np.array([[[1, 2, 3], [4, 5, 6]]])
    >>> Flatten()({}, x), Flatten("channels_first")({}, x)
    (array([[1, 2, 3, 4, 5, 6]]), array([[1, 4, 2, 5, 3, 6]]))
    """

    data_format: str | None = None

    def __post_init__(self) -> None:
        spatial_axes(self.data_format, 1)

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        check(x.ndim >= 1, "want an input with a batch axis, got a scalar")
        if self.data_format == "channels_first" and x.ndim > 2:
            x = np.moveaxis(x, 1, -1)
        return x.reshape(x.shape[0], math.prod(x.shape[1:]))

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None
