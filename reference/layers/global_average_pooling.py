"""GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D: the mean per channel.

    y[b, c] = mean over p of x[b, p, c]
    y[b, c] = Σ_t mask[b, t] x[b, t, c] / Σ_t mask[b, t]       GlobalAveragePooling1D with a mask

p runs over all positions, one index per spatial axis, and t over the steps.

Source: https://keras.io/api/layers/pooling_layers/global_average_pooling1d/ (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Weights, check
from .pooling import GlobalPooling


@dataclass(frozen=True)
class GlobalAveragePooling(GlobalPooling):
    """What the three ranks share; see GlobalPooling."""

    def __call__(self, w: Weights, x: Array) -> Array:
        self.check_input(x)
        return x.mean(self.axes(), keepdims=self.keepdims)


@dataclass(frozen=True)
class GlobalAveragePooling1D(GlobalPooling):
    """The mean over the steps that ``mask`` keeps; see GlobalPooling.

    Shapes
        mask   (batch, steps), True or 1 = keep. As for any layer whose call takes a mask, the one
               that x carries is used if none is passed.

    A masked step is left out whatever it holds, also nan and inf.

    Ambiguous: an example with everything masked. Readings (``readings``): nan, the formula's 0 / 0
    (here); 0, the mean of the zeros that masked steps count as.

    Raises ValueError
        on call: mask of another shape

    >>> x, mask = np.array([[[1.0], [2.0], [6.0]]]), np.array([[True, True, False]])
    >>> GlobalAveragePooling1D()({}, x), GlobalAveragePooling1D()({}, x, mask=mask)
    (array([[3.]]), array([[1.5]]))
    """

    rank = 1

    def __call__(self, w: Weights, x: Array, *, mask: Array | None = None) -> Array:
        return self._mean(x, mask, of_nothing=np.nan)

    def readings(self, w: Weights, x: Array, *, mask: Array | None = None) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        names = {"nan if all is masked": np.nan, "0 if all is masked": 0.0}
        return {name: self._mean(x, mask, value) for name, value in names.items()}

    def _mean(self, x: Array, mask: Array | None, of_nothing: float) -> Array:
        self.check_input(x)
        (time,) = self.axes()
        if mask is None:
            return x.mean(time, keepdims=self.keepdims)
        steps = (x.shape[0], x.shape[time])
        check(mask.shape == steps, f"mask of shape {mask.shape}, want {steps}")
        keep = np.expand_dims(mask.astype(bool), 3 - time)  # the channel axis of x
        total = np.where(keep, x, 0.0).sum(time, keepdims=self.keepdims)
        count = keep.sum(time, keepdims=self.keepdims)
        return np.where(count > 0, total / np.maximum(count, 1), of_nothing)


@dataclass(frozen=True)
class GlobalAveragePooling2D(GlobalAveragePooling):
    """The mean of every image and channel; see GlobalPooling.

    >>> GlobalAveragePooling2D(keepdims=True)({}, np.array([1.0, 3.0]).reshape(1, 1, 2, 1))
    array([[[[2.]]]])
    """

    rank = 2


@dataclass(frozen=True)
class GlobalAveragePooling3D(GlobalAveragePooling):
    """The mean over three spatial axes; see GlobalPooling.

    >>> GlobalAveragePooling3D()({}, np.array([1.0, 3.0, 5.0]).reshape(1, 1, 1, 3, 1))
    array([[3.]])
    """

    rank = 3
