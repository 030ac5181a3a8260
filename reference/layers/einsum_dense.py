"""EinsumDense: a linear map given by an einsum equation.

    y = act( bias + einsum(equation, x, kernel) )

The equation is "[X],[Y]->[Z]", "...[X],[Y]->...[Z]" or "[X]...,[Y]->[Z]...", with [X], [Y] and [Z]
the axes of x, kernel and y, one letter each.

Source: https://keras.io/api/layers/core_layers/einsum_dense/ (Keras 3.15.1)
"""

import re
from dataclasses import dataclass
from string import ascii_letters
from typing import Any

import numpy as np

from .. import identifiers
from ..core import Array, Shape, Weights, check
from ..limits import not_covered

EQUATION = re.compile(
    r"(?P<left>\.\.\.)?(?P<x>[a-zA-Z]+)(?P<right>\.\.\.)?,(?P<kernel>[a-zA-Z]+)"
    r"->(?P<left_out>\.\.\.)?(?P<y>[a-zA-Z]+)(?P<right_out>\.\.\.)?"
)


@dataclass(frozen=True)
class EinsumDense:
    """Contract ``x`` with a kernel as ``equation`` says, add a bias, apply an activation.

    Shapes, with one size per letter, taken from the input or else from output_shape
        x              as [X], the ellipsis standing for any further axes, also none
        kernel         as [Y]
        bias           as [Z] from its first axis in bias_axes on, with 1 for the axes not in
                       bias_axes and for those of an ellipsis on the right
        y              as [Z]
        output_shape   the sizes of [Z] without the batch (the first axis of x) and the ellipsis;
                       None where the size follows from the input; an int for one axis

    Ambiguous: the shape of a bias on axes that are not the last. Here one that broadcasts.
    Ambiguous: the mask of the output. Readings: none (here); that of the input.

    Raises ValueError
        on construction: another form of equation; bias_axes not in [Z];
            a string that names no activation
        on build and call: x of another rank; output_shape of another length than [Z], or another
            size than the input's; a size that follows from neither

    >>> layer = EinsumDense("abc,cd->abd", output_shape=(None, 2), bias_axes="d")
    >>> layer.weights((8, 5, 3))
    {'kernel': (3, 2), 'bias': (2,)}
    >>> w = {"kernel": np.array([[1.0], [10.0]]), "bias": np.array([0.5])}
    >>> layer = EinsumDense("...x,xy->...y", output_shape=1, bias_axes="y")
    >>> layer(w, np.array([[1.0, 2.0], [3.0, 4.0]])).ravel()
    array([21.5, 43.5])
    """

    equation: str
    output_shape: int | tuple[int | None, ...]
    activation: Any = None
    bias_axes: str | None = None
    kernel_initializer: Any = "glorot_uniform"
    bias_initializer: Any = "zeros"
    kernel_regularizer: Any = None
    bias_regularizer: Any = None
    kernel_constraint: Any = None
    bias_constraint: Any = None
    lora_rank: int | None = None
    lora_alpha: int | None = None
    gptq_unpacked_column_size: int | None = None
    quantization_config: Any = None

    def __post_init__(self) -> None:
        not_covered(
            lora_rank=self.lora_rank,
            lora_alpha=self.lora_alpha,
            gptq_unpacked_column_size=self.gptq_unpacked_column_size,
            quantization_config=self.quantization_config,
        )
        parts = self._parts()
        inside = set(self.bias_axes or "") <= set(parts["y"])
        check(inside, f"bias_axes={self.bias_axes!r} not all in {parts['y']!r}")
        identifiers.activation(self.activation)

    def weights(self, x: Shape) -> dict[str, Shape]:
        sizes = self._sizes(x)
        _, kernel, y = self._letters(len(x))
        shapes = {"kernel": tuple(sizes[c] for c in kernel)}
        if self.bias_axes:
            y = y[min(y.index(c) for c in self.bias_axes) :]
            shapes["bias"] = tuple(sizes[c] if c in self.bias_axes else 1 for c in y)
        return shapes

    def __call__(self, w: Weights, x: Array) -> Array:
        self._sizes(x.shape)
        axes, kernel, out = self._letters(x.ndim)
        y = np.einsum(f"{axes},{kernel}->{out}", x, w["kernel"]) + w.get("bias", 0.0)
        return identifiers.activation(self.activation)(y)

    def compute_output_shape(self, x: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The shape of y for an input whose dimensions may be unknown (None)."""
        sizes = self._sizes(x)
        return tuple(sizes[c] for c in self._letters(len(x))[2])

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None

    def mask_readings(self, x: Array, *, masks: tuple[Array | None, ...]) -> dict:
        """The masks that the documentation leaves open, by name; first that of ``compute_mask``."""
        return {"none": None, "that of the input": masks[0]}

    def _parts(self) -> dict[str, str]:
        found = EQUATION.fullmatch(self.equation.replace(" ", ""))
        parts = found.groupdict("") if found else dict.fromkeys(EQUATION.groupindex, "?")
        alike = parts["left"] == parts["left_out"] and parts["right"] == parts["right_out"]
        good = found is not None and alike and not (parts["left"] and parts["right"])
        check(good, f"equation={self.equation!r} has none of the three forms")
        return parts

    def _letters(self, rank: int) -> tuple[str, str, str]:
        """The axes of x, kernel and y, with letters of its own for each axis of the ellipsis."""
        parts = self._parts()
        used = parts["x"] + parts["kernel"] + parts["y"]
        n = rank - len(parts["x"])
        elided = "".join(c for c in ascii_letters if c not in used)[: max(n, 0)]
        good = n == 0 or (n > 0 and bool(parts["left"] or parts["right"]))
        check(good, f"equation={self.equation!r} does not fit an input of rank {rank}")
        if parts["left"]:
            return elided + parts["x"], parts["kernel"], elided + parts["y"]
        return parts["x"] + elided, parts["kernel"], parts["y"] + elided

    def _sizes(self, x: tuple[int | None, ...]) -> dict[str, Any]:
        """The size of the axis of every letter."""
        axes, kernel, y = self._letters(len(x))
        sizes: dict[str, Any] = dict(zip(axes, x, strict=True))
        named = [c for c in self._parts()["y"] if c != axes[0]]
        out = self.output_shape
        out = (out,) if isinstance(out, int) or out is None else tuple(out)
        check(len(out) == len(named), f"output_shape={out}: want sizes of {''.join(named)!r}")
        for c, n in zip(named, out, strict=True):
            agree = n is None or sizes.get(c) in (None, n)
            check(agree, f"output_shape={out}: {c!r} has the size {sizes.get(c)} in the input")
            sizes[c] = sizes.get(c) if n is None else n
        unknown = [c for c in kernel if sizes.get(c) is None] + [c for c in y if c not in sizes]
        check(not unknown, f"no size known for {unknown} in equation={self.equation!r}")
        return sizes
