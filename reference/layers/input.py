"""Input: the symbolic tensor at which a model starts.

    full shape = batch_shape,  or  (batch_size, *shape)

Source: https://keras.io/api/layers/core_layers/input/ (Keras 3.15.1)
"""

from dataclasses import dataclass

from ..core import Array, Shape, Weights, check
from ..limits import not_covered


@dataclass(frozen=True)
class Input:
    """Say which arrays a model takes; an array that fits passes through unchanged.

    Shapes, with None for a dimension that may vary
        shape         without the batch
        batch_shape   with it; batch_size without it
        tensor        an existing tensor, whose shape and dtype are taken as they are

    ``dtype=None`` means float32, the default of ``keras.config.floatx()``. An ``optional`` input
    also accepts None.

    Ambiguous: arrays whose shape does not fit. Here they raise ValueError.

    Raises ValueError
        on construction: none of shape, batch_shape and tensor; batch_shape together with shape or
            batch_size; a negative dimension
        on call: None, unless optional; a shape that does not fit

    >>> Input((2, None), batch_size=4).signature()
    ((4, 2, None), 'float32')
    >>> Input(batch_shape=(None, 3), dtype="int32").signature()
    ((None, 3), 'int32')
    """

    shape: tuple[int | None, ...] | None = None
    batch_size: int | None = None
    dtype: str | None = None
    sparse: bool | None = None
    ragged: bool | None = None
    batch_shape: tuple[int | None, ...] | None = None
    name: str | None = None
    tensor: Array | None = None
    optional: bool = False

    def __post_init__(self) -> None:
        not_covered(sparse=self.sparse, ragged=self.ragged)
        given = f"shape={self.shape}, batch_size={self.batch_size}, batch_shape={self.batch_shape}"
        if self.tensor is None:
            alone = self.shape is None and self.batch_size is None
            check(self.batch_shape is None or alone, f"{given}: want only one way to say it")
            check(self.shape is not None or self.batch_shape is not None, f"{given}: no shape")
        sizes = (n for n in self.signature()[0] if n is not None)
        check(all(n >= 0 for n in sizes), f"{given}: negative dimension")

    def signature(self) -> tuple[tuple[int | None, ...], str]:
        """The full shape, batch included, and the dtype of the symbolic tensor."""
        if self.tensor is not None:
            return tuple(self.tensor.shape), str(self.tensor.dtype)
        shape = self.batch_shape if self.shape is None else (self.batch_size, *self.shape)
        return tuple(shape or ()), self.dtype or "float32"

    def weights(self, *_: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array | None) -> Array | None:
        if x is None:
            check(self.optional, "None given to an input that is not optional")
            return None
        want, _ = self.signature()
        same = all(a in (None, b) for a, b in zip(want, x.shape, strict=False))
        check(len(want) == x.ndim and same, f"an array of shape {x.shape} is not {want}")
        return x
