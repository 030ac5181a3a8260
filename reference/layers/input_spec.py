"""InputSpec: which inputs a layer accepts.

    rank      ndim,  min_ndim ≤ … ≤ max_ndim
    shape     equal entry by entry; None fits anything
    axes      the size of single axes
    dtype     equal

Source: https://keras.io/api/layers/core_layers/input_spec/ (Keras 3.15.1)
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..core import Array, Shape, Weights, check

PartialShape = tuple[int | None, ...]


@dataclass(frozen=True)
class InputSpec:
    """Conditions on one input; every one that is given must hold, and a layer raises otherwise.

    ``allow_last_axis_squeeze`` also lets pass a rank one above that of ``shape`` or ``ndim`` if the
    last axis of the input is 1, and one below if the last entry of ``shape`` is 1. ``name`` is the
    input's key in a dictionary of inputs and is no condition. An ``optional`` input may be None.

    Ambiguous: what ``axes``, ``min_ndim`` and ``max_ndim`` see when an axis is squeezed. Here the
    input as it is.
    Ambiguous: an axis in ``axes`` that the input has not. Here it does not fit.

    Raises ValueError
        on check: an input that does not fit

    >>> spec = InputSpec(shape=(None, 28, 28, 1), allow_last_axis_squeeze=True)
    >>> spec.check((5, 28, 28, 1)), spec.check((5, 28, 28))
    (None, None)
    >>> spec.check((5, 28))
    Traceback (most recent call last):
    ValueError: shape (5, 28) does not fit shape=(None, 28, 28, 1)
    """

    dtype: str | None = None
    shape: PartialShape | None = None
    ndim: int | None = None
    max_ndim: int | None = None
    min_ndim: int | None = None
    axes: Mapping[int, int | None] | None = None
    allow_last_axis_squeeze: bool = False
    name: str | None = None
    optional: bool = False

    def weights(self, *_: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array | None) -> Array | None:
        """``x``, if it fits. Every floating array is a float64 here: it has any floating dtype."""
        if x is None:
            self.check(None)
        elif x.dtype.kind == "f" and (self.dtype or "").removeprefix("b").startswith("float"):
            self.check(x.shape)
        else:
            self.check(x.shape, x.dtype.name)
        return x

    def check(self, shape: PartialShape | None, dtype: str | None = None) -> None:
        """Raise ValueError unless an input of this shape (None: no input) and dtype fits."""
        if shape is None:
            check(self.optional, "None given to an input that is not optional")
            return
        rank = len(shape)
        same = self.dtype is None or dtype in (None, self.dtype)
        check(same, f"dtype {dtype} is not {self.dtype}")
        check(self.max_ndim is None or rank <= self.max_ndim, f"rank {rank} > {self.max_ndim}")
        check(self.min_ndim is None or rank >= self.min_ndim, f"rank {rank} < {self.min_ndim}")
        if self.ndim is not None:
            message = f"shape {shape} does not fit ndim={self.ndim}"
            check(self._fits(shape, (None,) * self.ndim), message)
        if self.shape is not None:
            check(self._fits(shape, self.shape), f"shape {shape} does not fit shape={self.shape}")
        for key, size in (self.axes or {}).items():
            axis = int(key)
            inside = -rank <= axis < rank
            fits = inside and (size is None or shape[axis] in (None, size))
            check(fits, f"axis {axis} of shape {shape} is not {size}")

    def _fits(self, shape: PartialShape, spec: PartialShape) -> bool:
        """Equal rank, after the squeeze that is allowed, and equal where both say a size."""
        if self.allow_last_axis_squeeze:
            if len(shape) == len(spec) + 1 and shape[-1] == 1:
                shape = shape[:-1]
            elif len(shape) == len(spec) - 1 and spec[-1] == 1:
                spec = spec[:-1]
        pairs = zip(shape, spec, strict=False)
        return len(shape) == len(spec) and all(a is None or b is None or a == b for a, b in pairs)
