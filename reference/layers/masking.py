"""Masking: mark the timesteps that say nothing.

    mask[b, t] = any over features f of  x[b, t, f] ≠ mask_value        True = use the step
    y[b, t]    = x[b, t] if mask[b, t] else 0

Source: https://keras.io/api/layers/core_layers/masking/ (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights


@dataclass(frozen=True)
class Masking:
    """Give ``x`` a mask that is False where all features of a step equal ``mask_value``.

    Shapes
        x, y        (batch, time, features)
        mask of y   (batch, time)

    A step with a nan in it is used, as nan equals nothing.

    Ambiguous: the values at masked steps, which later layers skip. Readings: 0 (here); unchanged.
    Ambiguous: x of another rank. Readings of "all values at that timestep": those along the last
    axis (here); those along all axes after the second.
    Ambiguous: a mask that x already carries. Readings: replaced (here); both must be True.

    >>> x = np.array([[[9.0, 9.0], [9.0, 1.0]]])
    >>> Masking(9.0)({}, x)
    array([[[0., 0.], [9., 1.]]])
    >>> Masking(9.0).compute_mask(x, masks=(None,))
    array([[False,  True]])
    """

    mask_value: float = 0.0

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        return np.where((x != self.mask_value).any(-1, keepdims=True), x, 0)

    def readings(self, w: Weights, x: Array) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        return {"masked steps 0": self(w, x), "masked steps unchanged": x}

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> Array:
        return (x != self.mask_value).any(-1)

    def mask_readings(self, x: Array, *, masks: tuple[Array | None, ...]) -> dict[str, Array]:
        """The masks that the documentation leaves open, by name; first that of ``compute_mask``."""
        own = {"last axis": self.compute_mask(x, masks=masks)}
        if x.ndim != 3:
            own["all axes of a step"] = (x != self.mask_value).any(tuple(range(2, x.ndim)))
        if masks[0] is not None:
            own["both masks"] = own["last axis"] & masks[0]
        return own
