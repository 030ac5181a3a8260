"""Regularizer: the base class of every penalty.

    penalty = regularizer(x)        a scalar, added to the loss

Source: https://keras.io/api/layers/regularizers/ (Keras 3.15.1)
"""

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from ..core import Array


@dataclass(frozen=True)
class Regularizer:
    """A penalty on a tensor; the base class itself penalises nothing.

    ``get_config`` gives all constructor arguments, and ``from_config`` makes an equal regularizer
    from them.

    Ambiguous: what the base class does when called. Readings: penalty 0 (here); an error.
    Ambiguous: the configuration of the base class, which has no arguments ("optional" for
    a subclass). Readings: an empty dictionary (here); NotImplementedError.

    >>> float(Regularizer()(np.ones((2, 2))))
    0.0
    """

    def __call__(self, x: Array) -> Array:
        return np.zeros(())

    def get_config(self) -> dict[str, Any]:
        """All constructor arguments by name."""
        return asdict(self)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """The reverse of ``get_config``."""
        return cls(**config)
