"""The mask that a tensor carries from one Keras layer to the next."""

from __future__ import annotations

from typing import Any

import keras


def attached(tensor: Any) -> Any | None:
    """The mask that a tensor carries, or None; TypeError if it is no tensor."""
    backend: Any = getattr(getattr(keras, "src", None), "backend", None)
    if hasattr(backend, "get_keras_mask"):
        mask = backend.get_keras_mask(tensor)
    else:
        mask = getattr(tensor, "_keras_mask", None)
    if mask is not None and not hasattr(mask, "dtype"):
        raise TypeError(f"an output carries as its mask {mask!r}, which is no tensor")
    return mask


def attach(tensor: Any, mask: Any) -> Any:
    """The tensor, carrying a mask as if a layer upstream had made it."""
    backend: Any = getattr(getattr(keras, "src", None), "backend", None)
    if hasattr(backend, "set_keras_mask"):
        backend.set_keras_mask(tensor, mask)
    else:
        tensor._keras_mask = mask
    return tensor


class AttachMask(keras.layers.Layer):
    """In a functional model: gives its first input the second as mask."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """The first input, unchanged."""
        return inputs[0]

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The second input."""
        return inputs[1]
