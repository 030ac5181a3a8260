"""What normalization layers share: the map to mean 0 and variance 1, and the axes it works on.

    y = (x - mean) / √(variance + epsilon) · gamma + beta                      ``normalized``
      = x · r + (beta - mean · r)     with r = gamma / √(variance + epsilon)     ``folded``

Both are the same function; implementations use either, and they round differently.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core import Array, Shape, check

Formula = Callable[..., Array]
"""``normalized`` or ``folded``."""


def normalized(
    x: Array, mean: Any, variance: Array, epsilon: float, *, gamma: Any, beta: Any
) -> Array:
    """Give x as deviations from the mean, in units of the standard deviation, scaled and shifted.

    >>> normalized(np.array([1.0, 5.0]), 3.0, 4.0, 0.0, gamma=10.0, beta=1.0)
    array([-9., 11.])
    """
    return (x - mean) / np.sqrt(variance + epsilon) * gamma + beta


def folded(x: Array, mean: Any, variance: Array, epsilon: float, *, gamma: Any, beta: Any) -> Array:
    """The same as one multiplication and one addition for every element.

    >>> folded(np.array([1.0, 5.0]), 3.0, 4.0, 0.0, gamma=10.0, beta=1.0)
    array([-9., 11.])
    """
    r = gamma / np.sqrt(variance + epsilon)
    return x * r + (beta - mean * r)


def axes_of(axis: int | tuple[int, ...], x: Shape) -> tuple[int, ...]:
    """The axes counted from the front, in the order given.

    >>> axes_of((-1, 1), (2, 3, 4))
    (2, 1)
    """
    given = (axis,) if isinstance(axis, int) else tuple(axis)
    check(all(-len(x) <= a < len(x) for a in given), f"axis={axis} is outside shape {x}")
    axes = tuple(a % len(x) for a in given)
    check(len({*axes}) == len(axes), f"axis={axis} names an axis of shape {x} twice")
    return axes
