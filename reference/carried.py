"""The masks that inputs carry from the layers upstream, as arguments of a call.

A layer whose call takes ``mask`` gets that of its first input. One that takes more, or under other
names, says so by ``carried_masks``. What the caller gives is used in the place of what is carried.

Source: https://keras.io/guides/understanding_masking_and_padding/ (Keras 3.15.1)
"""

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any

from .core import Array


def carried(layer: Any, masks: Sequence[Array | None], given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that a call gets beside those that are ``given``, from its inputs' masks.

    >>> from .layers import Dense, Softmax
    >>> mask = np.array([True, False])
    >>> carried(Softmax(), [mask], {}), carried(Softmax(), [mask], {"mask": ~mask})
    ({'mask': array([ True, False])}, {})
    >>> carried(Dense(1), [mask], {})
    {}
    """
    found: dict[str, Any] = {}
    if hasattr(layer, "carried_masks"):
        found = layer.carried_masks(masks)
    elif masks and "mask" in signature(layer.__call__).parameters:
        found = {"mask": masks[0]}
    return {
        name: mask for name, mask in found.items() if mask is not None and given.get(name) is None
    }
