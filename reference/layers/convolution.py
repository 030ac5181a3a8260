"""What every convolution documents of its arguments, whichever way it sums.

Source: https://keras.io/api/layers/convolution_layers/ (Keras 3.15.1)
"""

from dataclasses import fields
from typing import Any

from .. import identifiers
from ..core import Array, Weights, check
from .spatial import spatial_axes
from .windows import Window, from_channels_last


def check_arguments(layer: Any, window: Window, **positive: int) -> None:
    """Raise the documented errors, and put the defaults in for initializers that are None.

    "If None, the default initializer will be used", the documentation says of each of them.
    """
    for name, value in positive.items():
        check(type(value) is int and value > 0, f"{name}={value!r}: want a positive int")
    both = max(window.stride) > 1 and max(window.dilation) > 1
    check(not both, f"strides={window.stride} with dilation_rate={window.dilation}: one must be 1")
    spatial_axes(layer.data_format, len(window.size))
    identifiers.activation(layer.activation)
    for field in fields(layer):
        if field.name.endswith("_initializer") and getattr(layer, field.name) is None:
            object.__setattr__(layer, field.name, field.default)


def finished(layer: Any, y: Array, w: Weights) -> Array:
    """Bias, data format and activation for ``(batch, *spatial, channels)``.

    The activation is applied to the outputs as they are returned: one along the last axis, like
    softmax, runs along the last spatial axis if that is the last one.
    """
    return identifiers.activation(layer.activation)(
        from_channels_last(y + w.get("bias", 0.0), layer.data_format)
    )
