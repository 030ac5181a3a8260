"""What every oracle shares: aliases and the check that raises the documented error."""

from collections.abc import Mapping

import numpy as np

Array = np.ndarray
Shape = tuple[int, ...]
Weights = Mapping[str, Array]
"""Role name (``kernel``, ``cell/kernel``) -> value."""


def check(ok: bool, message: str) -> None:
    """Raise the ``ValueError`` that Keras documents unless ``ok``."""
    if not ok:
        raise ValueError(message)


def per_axis(value: int | tuple[int, ...], rank: int, name: str) -> tuple[int, ...]:
    """``3 -> (3, 3)`` for rank 2; a tuple must already have one entry per axis."""
    values = (value,) * rank if isinstance(value, int) else tuple(value)
    check(len(values) == rank and min(values) > 0, f"{name}={value}: want {rank} positive ints")
    return values
