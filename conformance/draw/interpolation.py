"""What an implementation of an interpolation may do: round its weights and their positions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from ...reference.core import Array
from ...reference.layers.resampling import apply, matrix, matrix_repeating_edges
from ..bounds import FORMATS

Formula = Callable[..., Any]


def computed(program: Any, weights: Callable[..., Array]) -> list[Formula]:
    """Interpolation by ``weights(old, new, moved)``, of positions that are off by a rounding.

    ``noise`` is 0; under the bounds engine it is the rounding of a 1, here ±1 in units of it. Half
    precision is for images: weights are computed in float32, at least.
    """
    u = FORMATS[program.case.dtype].u

    def in_dtype(old: int, new: int, noise: Any) -> Array:
        return weights(old, new, moved=noise * u)

    def in_float32(old: int, new: int, noise: Any, by: float) -> Array:
        exact = weights(old, new)
        return exact + noise * (weights(old, new, moved=by) - exact)

    def formula(w: Any, x: Array, rounded: Formula) -> Array:
        noise = ((x[:0].sum() + 1.0) - 1.0) / u
        for axis, size in program.layer.factors().items():
            x = apply(rounded(x.shape[axis], x.shape[axis] * size, noise), x, axis)
        return x

    if u <= FORMATS["float32"].u:
        return [partial(formula, rounded=in_dtype)]
    ways = [partial(in_float32, by=by * FORMATS["float32"].u) for by in (1, -1)]
    return [partial(formula, rounded=way) for way in ways]


def alternates(program: Any) -> list[Formula]:
    """The documented formula with weights as an implementation computes them."""
    method = program.layer.interpolation
    return [] if method == "nearest" else computed(program, partial(matrix, method=method))


def readings(program: Any) -> dict[str, Formula]:
    """The same of the other bicubic kernel."""
    if program.layer.interpolation != "bicubic":
        return {}
    return {"a = -3/4, edges repeated": computed(program, matrix_repeating_edges)[0]}
